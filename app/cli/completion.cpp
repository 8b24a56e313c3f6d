// SPDX-License-Identifier: GPL-3.0-or-later
// completion bash, zsh, fish: made from the command line itself, so that it is never out of date.
#include "app/cli/commandline.h"

namespace aviary::cli {

using namespace Qt::Literals;

namespace {

struct Words {
    QString path;                             // "cluster add"; empty for the program itself
    QList<std::pair<QString, QString>> words; // verbs and options, each with its text
};

QString firstSentence(const std::string &text) {
    return fromStd(text).section(u';', 0, 0).remove(u'\'').remove(u'"').remove(u':');
}

void collect(const CLI::App *app, const QString &path, const CLI::App *root, QList<Words> &all) {
    Words own{path, {}};
    for (const CLI::App *verb : app->get_subcommands(nullptr)) {
        own.words.append({fromStd(verb->get_name()), firstSentence(verb->get_description())});
        const QString below = path.isEmpty() ? fromStd(verb->get_name())
                                             : QString(path % u' ' % fromStd(verb->get_name()));
        collect(verb, below, root, all);
    }
    const auto addOptions = [&own](const CLI::App *of) {
        for (const CLI::Option *option : of->get_options()) {
            for (const std::string &name : option->get_lnames()) {
                own.words.append(
                    {u"--"_qs + fromStd(name), firstSentence(option->get_description())});
            }
        }
    };
    addOptions(app);
    if (app != root) {
        addOptions(root);
    }
    all.append(own);
}

QString caseLines(const QList<Words> &all, const QString &assignment, bool quoted_pairs) {
    QString text;
    for (const Words &words : all) {
        QStringList list;
        for (const auto &[word, meaning] : words.words) {
            list.append(quoted_pairs ? QString(u"'"_qs % word % u':' % meaning % u"'"_qs) : word);
        }
        list.removeDuplicates();
        text +=
            u"    '"_qs % words.path % u"') "_qs % assignment.arg(list.join(u' ')) % u" ;;\n"_qs;
    }
    return text;
}

// The verbs typed so far are the words before the cursor that are no options.
QString bash(const QList<Words> &all) {
    return uR"(# bash completion for aviary
_aviary() {
  local path= word words i
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=${COMP_WORDS[i]}
    [[ $word == -* ]] && continue
    path=${path:+$path }$word
  done
  while :; do
    case $path in
)"_qs + caseLines(all, u"words=\"%1\"; break"_qs, false) +
           uR"(    esac
    if [[ $path == *' '* ]]; then path=${path% *}; else path=; fi
  done
  word=${COMP_WORDS[COMP_CWORD]}
  COMPREPLY=($(compgen -W "$words" -- "$word"))
  [[ $word == -* || ${#COMPREPLY[@]} -gt 0 ]] || COMPREPLY=($(compgen -f -- "$word"))
}
complete -F _aviary aviary
)"_qs;
}

QString zsh(const QList<Words> &all) {
    return uR"(#compdef aviary
_aviary() {
  local path= word
  local -a found
  for word in ${words[2,CURRENT-1]}; do
    [[ $word == -* ]] || path="${path:+$path }$word"
  done
  while true; do
    case $path in
)"_qs + caseLines(all, u"found=(%1); break"_qs, true) +
           uR"(    esac
    [[ $path == *' '* ]] && path="${path% *}" || path=
  done
  _describe 'aviary' found
  _files
}
compdef _aviary aviary
)"_qs;
}

QString fish(const QList<Words> &all) {
    QString text = u"# fish completion for aviary\n"_qs;
    for (const Words &words : all) {
        const QStringList path = words.path.split(u' ', Qt::SkipEmptyParts);
        QString condition = u"__fish_use_subcommand"_qs;
        if (!path.isEmpty()) {
            QStringList seen;
            for (const QString &verb : path) {
                seen.append(u"__fish_seen_subcommand_from "_qs + verb);
            }
            condition = seen.join(u"; and "_qs);
        }
        for (const auto &[word, meaning] : words.words) {
            const QString what = word.startsWith(u"--") ? QString(u" -l "_qs % word.mid(2))
                                                        : QString(u" -f -a "_qs % word);
            text += u"complete -c aviary -n '"_qs % condition % u"'"_qs % what % u" -d '"_qs %
                    meaning % u"'\n"_qs;
        }
    }
    return text;
}

} // namespace

void addCompletionVerb(CommandLine &line) {
    auto shell = std::make_shared<std::string>();
    CLI::App *verb = line.verb(&line.app, "completion", "Writes completions for a shell", {});
    verb->add_option("SHELL", *shell, "bash, zsh or fish")
        ->required()
        ->check(CLI::IsMember({"bash", "zsh", "fish"}));
    verb->callback([&line, shell] {
        line.action = [&line, shell](Conversation &talk) {
            QList<Words> all;
            collect(&line.app, {}, &line.app, all);
            const QString text = *shell == "bash"  ? bash(all)
                                 : *shell == "zsh" ? zsh(all)
                                                   : fish(all);
            talk.terminal().printRaw(text.toUtf8());
            talk.finish();
        };
    });
}

} // namespace aviary::cli

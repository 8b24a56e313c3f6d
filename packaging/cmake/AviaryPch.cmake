# SPDX-License-Identifier: GPL-3.0-or-later
# Precompiled headers: Qt's headers are most of what a compiler reads here. There are three: for core, for tests and
# for ui; every target reuses one of them. They hold headers of Qt and of the standard library, never our own, and
# the presets that check headers (clang, clang-tidy) build without them, so that a missing #include is still found.
option(AVIARY_PCH "Precompile the headers of Qt" ON)

set(AVIARY_PCH_core <algorithm> <functional> <map> <memory> <optional> <string> <variant> <vector>
    <QByteArray> <QDateTime> <QFile> <QHash> <QJsonArray> <QJsonDocument> <QJsonObject> <QList> <QMap> <QObject>
    <QString> <QStringList> <QTimer> <QVariant>)
set(AVIARY_PCH_test ${AVIARY_PCH_core} <QDir> <QProcess> <QSignalSpy> <QTemporaryDir> <QTest>)
set(AVIARY_PCH_ui ${AVIARY_PCH_core} <QAbstractItemModel> <QAction> <QBoxLayout> <QLabel> <QMouseEvent> <QPainter>
    <QPushButton> <QWidget>)

# aviary_precompile(TARGET KIND): the headers of KIND (core, test, ui). A precompiled header serves only objects that
# are compiled alike, hence -fPIC for programs too.
function(aviary_precompile target kind)
  if(NOT AVIARY_PCH)
    return()
  endif()
  set(pch aviary_pch_${kind})
  if(NOT TARGET ${pch})
    file(WRITE ${CMAKE_BINARY_DIR}/${pch}.cpp "")
    add_library(${pch} OBJECT ${CMAKE_BINARY_DIR}/${pch}.cpp)
    target_link_libraries(${pch} PRIVATE aviary_build Qt6::Core)
    if(kind STREQUAL "test")
      target_link_libraries(${pch} PRIVATE Qt6::Test Qt6::Network)
    elseif(kind STREQUAL "ui")
      target_link_libraries(${pch} PRIVATE Qt6::Widgets)
    endif()
    target_compile_definitions(${pch} PRIVATE ${AVIARY_QT_DEFINITIONS})
    target_compile_options(${pch} PRIVATE -fPIC)
    target_precompile_headers(${pch} PRIVATE ${AVIARY_PCH_${kind}})
  endif()
  if(kind STREQUAL "test")
    target_link_libraries(${target} PRIVATE Qt6::Network) # QTest's headers differ with it, and all must agree
  endif()
  target_compile_options(${target} PRIVATE -fPIC)
  target_compile_definitions(${target} PRIVATE ${AVIARY_QT_DEFINITIONS})
  target_precompile_headers(${target} REUSE_FROM ${pch})
endfunction()

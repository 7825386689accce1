# What every target of the project shares: warnings, sanitizers, ccache, and two helper functions.

find_program(ISOLDE_CCACHE ccache)
if(ISOLDE_CCACHE)
  set(CMAKE_C_COMPILER_LAUNCHER ${ISOLDE_CCACHE})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${ISOLDE_CCACHE})
endif()

add_compile_options(-Wall -Wextra -Werror -fno-omit-frame-pointer)
if(ISOLDE_SANITIZE)
  add_compile_options(-fsanitize=${ISOLDE_SANITIZE} -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${ISOLDE_SANITIZE})
  if(ISOLDE_SANITIZE MATCHES thread AND CMAKE_CXX_COMPILER_ID STREQUAL GNU)
    add_compile_options(-Wno-tsan)  # std::atomic_thread_fence inside Boost.Asio
  endif()
endif()

# A static library isolde_<folder> from the given sources; other folders include it as "<folder>/x.hpp".
function(isolde_library folder)
  add_library(isolde_${folder} STATIC ${ARGN})
  target_include_directories(isolde_${folder} PUBLIC ${CMAKE_SOURCE_DIR})
endfunction()

# One test program a folder: unit_<folder> from tests/unit/<folder>/*_test.cpp.
function(isolde_unit_tests folder)
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/unit/${folder}/*_test.cpp)
  if(sources)
    add_executable(unit_${folder} ${sources})
    target_link_libraries(unit_${folder} PRIVATE isolde_${folder} ${ARGN} GTest::gtest GTest::gmock GTest::gtest_main)
    add_test(NAME unit_${folder} COMMAND unit_${folder})
    set_tests_properties(unit_${folder} PROPERTIES LABELS unit TIMEOUT 600)
  endif()
endfunction()

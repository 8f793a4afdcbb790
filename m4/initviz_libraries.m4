# INITVIZ_LIBRARY(VARIABLE, MODULE, HEADERS, FUNCTION, LIBRARY,
#                 DEBIAN, FEDORA, HOMEBREW, USE)
# Finds a library by its pkg-config module, else by -lLIBRARY and the first of
# HEADERS, and links a program that calls FUNCTION with what was found: a library
# for another machine (cross builds) or half installed is refused.  DEBIAN,
# FEDORA and HOMEBREW are the names of the package.  USE (run, check or more) is
# for ./bootstrap, which reads these calls, one a line, to know what to install.
# Sets VARIABLE_CFLAGS, VARIABLE_LIBS, VARIABLE_HEADER, VARIABLE_VERSION; where
# nothing is found VARIABLE_found=no, with the reason in VARIABLE_why.
AC_DEFUN([INITVIZ_LIBRARY], [
  AC_REQUIRE([INITVIZ_PKG_CONFIG])
  AC_ARG_VAR([$1_CFLAGS], [compiler flags for $5, instead of those of pkg-config])
  AC_ARG_VAR([$1_LIBS], [linker flags for $5, instead of those of pkg-config])
  AC_MSG_CHECKING([for $2])
  $1_VERSION=
  initviz_from=
  AS_IF([test -n "$$1_CFLAGS$$1_LIBS"], [initviz_from="$1_CFLAGS and $1_LIBS"],
    [test -n "$PKG_CONFIG" && $PKG_CONFIG --exists "$2" 2>&AS_MESSAGE_LOG_FD],
    [$1_CFLAGS=`$PKG_CONFIG --cflags "$2"`
     $1_LIBS=`$PKG_CONFIG --libs "$2"`
     $1_VERSION=`$PKG_CONFIG --modversion "$2"`
     initviz_from="pkg-config ($PKG_CONFIG)"],
    [$1_LIBS=-l$5])
  INITVIZ_TRY_LIBRARY([$1], [$3], [$4])
  AS_IF([test "$$1_found" = yes], [AC_MSG_RESULT([yes, $$1_LIBS])],
    [AC_MSG_RESULT([no])
     AS_IF([test -n "$initviz_from"],
       [$1_why="$5: no program can be linked with '$$1_CFLAGS $$1_LIBS' from $initviz_from: see config.log"
        AS_IF([test "$cross_compiling" = yes],
          [$1_why="$$1_why; libraries for $host_alias are needed, and PKG_CONFIG or PKG_CONFIG_LIBDIR set to find them"])],
       [$1_why="$5 is missing: install $6 (Debian), $7 (Fedora) or $8 (Homebrew)$initviz_pkg_config_why"])
     $1_CFLAGS=
     $1_LIBS=])
])

# INITVIZ_TRY_LIBRARY(VARIABLE, HEADERS, FUNCTION): VARIABLE_found and _HEADER.
AC_DEFUN([INITVIZ_TRY_LIBRARY], [
  initviz_save_CPPFLAGS=$CPPFLAGS
  initviz_save_LIBS=$LIBS
  CPPFLAGS="$$1_CFLAGS $CPPFLAGS"
  LIBS="$$1_LIBS $LIBS"
  $1_found=no
  for initviz_header in $2; do
    AS_IF([test "$$1_found" = no], [AC_LINK_IFELSE([AC_LANG_PROGRAM([[
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <setjmp.h>
#include <$initviz_header>]], [[void (*volatile function)(void) = (void (*)(void))$3; return function == NULL]])],
      [$1_found=yes; $1_HEADER=$initviz_header])])
  done
  CPPFLAGS=$initviz_save_CPPFLAGS
  LIBS=$initviz_save_LIBS
])

# INITVIZ_PKG_CONFIG: PKG_CONFIG, empty where it is missing or does not work;
# initviz_pkg_config_why ends a message about a library that was not found then.
AC_DEFUN([INITVIZ_PKG_CONFIG], [
  AC_ARG_VAR([PKG_CONFIG], [the pkg-config program])
  AC_ARG_VAR([PKG_CONFIG_PATH], [folders that pkg-config searches first])
  AC_ARG_VAR([PKG_CONFIG_LIBDIR], [folders that pkg-config searches instead of its own])
  initviz_pkg_config_why=
  AC_PATH_TOOL([PKG_CONFIG], [pkg-config])
  AS_IF([test -z "$PKG_CONFIG"], [AC_PATH_TOOL([PKG_CONFIG], [pkgconf])])
  AS_IF([test -z "$PKG_CONFIG"],
    [initviz_pkg_config_why="; or, if it is installed in a folder of its own, pkg-config (pkgconf in Homebrew), which is missing too"],
    [$PKG_CONFIG --version >&AS_MESSAGE_LOG_FD 2>&1], [],
    [AC_MSG_WARN([$PKG_CONFIG does not work: libraries are searched for without it])
     initviz_pkg_config_why="; or repair $PKG_CONFIG, which does not work"
     PKG_CONFIG=])
])

# INITVIZ_NEED(VARIABLES): ends configure with the reasons for all libraries that are missing.
AC_DEFUN([INITVIZ_NEED], [
  initviz_lacking=
  m4_foreach_w([INITVIZ_name], [$1], [
    AS_IF([test "$INITVIZ_name[]_found" = no], [initviz_lacking="$initviz_lacking
  $INITVIZ_name[]_why"])])
  AS_CASE([$initviz_lacking], [*"is missing: install"*], [initviz_lacking="$initviz_lacking
On Debian and Ubuntu, ./bootstrap build installs what is missing."])
  AS_IF([test -n "$initviz_lacking"], [AC_MSG_ERROR([these libraries cannot be used:$initviz_lacking])])
])

# INITVIZ_PCG: libpcg in C (pcg-c) where it is installed, else the C++ headers
# behind the shim, else the built-in code.  Sets PCG_LIBS, PCG_NAME, CCLD and the
# conditionals PCG_C, PCG_CPP and PCG_BUILTIN.
AC_DEFUN([INITVIZ_PCG], [
  AC_ARG_WITH([pcg],
    [AS_HELP_STRING([--with-pcg=auto|c|cpp|builtin],
      [random numbers from pcg-c, from libpcg's C++ headers or built in (default: the first that is there)])],
    [], [with_pcg=auto])
  AS_CASE([$with_pcg], [auto|c|cpp|builtin], [], [AC_MSG_ERROR([--with-pcg takes auto, c, cpp or builtin])])
  PCG_NAME=
  PCG_LIBS=
  AS_CASE([$with_pcg], [auto|c], [
    AC_MSG_CHECKING([for pcg-c])
    initviz_save_LIBS=$LIBS
    LIBS="-lpcg_random $LIBS"
    AC_LINK_IFELSE([AC_LANG_PROGRAM([[#include <pcg_variants.h>]],
      [[pcg32_random_t generator = PCG32_INITIALIZER; return (int)pcg32_random_r(&generator)]])],
      [PCG_NAME=pcg-c; PCG_LIBS=-lpcg_random; AC_MSG_RESULT([yes])], [AC_MSG_RESULT([no])])
    LIBS=$initviz_save_LIBS
    AS_IF([test "$with_pcg$PCG_NAME" = c],
      [AC_MSG_ERROR([pcg-c is missing: install it from https://github.com/imneme/pcg-c, or leave out --with-pcg=c])])])
  AS_IF([test -z "$PCG_NAME"], [AS_CASE([$with_pcg], [auto|cpp], [
    AC_LANG_PUSH([C++])
    AC_MSG_CHECKING([whether the C++ compiler works])
    AC_LINK_IFELSE([AC_LANG_PROGRAM([[#include <iostream>]], [[std::cout << 1]])],
      [initviz_cxx=yes], [initviz_cxx=no])
    AC_MSG_RESULT([$initviz_cxx])
    AS_IF([test $initviz_cxx = yes], [
      AC_MSG_CHECKING([for pcg-cpp])
      AC_LINK_IFELSE([AC_LANG_PROGRAM([[#include <pcg_random.hpp>]], [[pcg32 generator; return (int)generator()]])],
        [PCG_NAME=pcg-cpp; AC_MSG_RESULT([yes])], [AC_MSG_RESULT([no])])])
    AC_LANG_POP([C++])
    AS_IF([test "$with_pcg$PCG_NAME" = cpp],
      [AS_IF([test $initviz_cxx = no],
        [AC_MSG_ERROR([the C++ compiler ($CXX) is missing or does not work: install g++ (Debian), gcc-c++ (Fedora), or leave out --with-pcg=cpp])],
        [AC_MSG_ERROR([libpcg's C++ headers are missing: install libpcg-cpp-dev (Debian), pcg-cpp-devel (Fedora), or leave out --with-pcg=cpp])])])])])
  AS_IF([test -z "$PCG_NAME"], [PCG_NAME=built-in])
  AC_SUBST([PCG_LIBS])
  AC_SUBST([PCG_NAME])
  AM_CONDITIONAL([PCG_C], [test $PCG_NAME = pcg-c])
  AM_CONDITIONAL([PCG_CPP], [test $PCG_NAME = pcg-cpp])
  AM_CONDITIONAL([PCG_BUILTIN], [test $PCG_NAME = built-in])
  # the C++ headers bring <iostream>: then the C++ compiler links every program
  AS_IF([test $PCG_NAME = pcg-cpp], [CCLD='$(CXX)'], [CCLD='$(CC)'])
  AC_SUBST([CCLD])
])

# INITVIZ_INFLATE: ISA-L where it is installed, which inflates twice as fast, else
# zlib.  Sets INFLATE_CFLAGS, INFLATE_LIBS, INFLATE_NAME and the conditional ISAL.
AC_DEFUN([INITVIZ_INFLATE], [
  AC_ARG_WITH([isal],
    [AS_HELP_STRING([--with-isal=auto|yes|no], [inflate with ISA-L instead of zlib (default auto)])],
    [], [with_isal=auto])
  AS_CASE([$with_isal], [auto|yes|no], [], [AC_MSG_ERROR([--with-isal takes auto, yes or no])])
  AS_IF([test "$with_isal" = no], [ISAL_found=no])
  AS_IF([test "$with_isal$ISAL_found" = yesno], [AC_MSG_ERROR([$ISAL_why])])
  AS_IF([test "$ISAL_found" = yes],
    [INFLATE_CFLAGS=$ISAL_CFLAGS; INFLATE_LIBS=$ISAL_LIBS; INFLATE_NAME="ISA-L $ISAL_VERSION"],
    [INFLATE_CFLAGS=$ZLIB_CFLAGS; INFLATE_LIBS=$ZLIB_LIBS; INFLATE_NAME="zlib $ZLIB_VERSION"])
  AC_SUBST([INFLATE_CFLAGS])
  AC_SUBST([INFLATE_LIBS])
  AM_CONDITIONAL([ISAL], [test "$ISAL_found" = yes])
])

# INITVIZ_ZIP: libzip where it is installed, for .npz files.  Sets ZIP_LIBS, ZIP_CFLAGS,
# ZIP_NAME and the conditional LIBZIP.
AC_DEFUN([INITVIZ_ZIP], [
  AC_ARG_WITH([libzip],
    [AS_HELP_STRING([--with-libzip=auto|yes|no], [read .npz files with libzip (default auto)])],
    [], [with_libzip=auto])
  AS_CASE([$with_libzip], [auto|yes|no], [], [AC_MSG_ERROR([--with-libzip takes auto, yes or no])])
  AS_IF([test "$with_libzip" = no], [LIBZIP_found=no])
  AS_IF([test "$with_libzip$LIBZIP_found" = yesno], [AC_MSG_ERROR([$LIBZIP_why])])
  AS_IF([test "$LIBZIP_found" = yes],
    [ZIP_CFLAGS=$LIBZIP_CFLAGS; ZIP_LIBS=$LIBZIP_LIBS; ZIP_NAME="libzip $LIBZIP_VERSION"],
    [ZIP_CFLAGS=; ZIP_LIBS=; ZIP_NAME="left out (libzip missing)"])
  AC_SUBST([ZIP_CFLAGS])
  AC_SUBST([ZIP_LIBS])
  AM_CONDITIONAL([LIBZIP], [test "$LIBZIP_found" = yes])
])

# INITVIZ_LAPACK: whether OpenBLAS carries LAPACK, for the singular values of the Isometry
# view.  Sets LAPACK_NAME and the conditional LAPACK.
AC_DEFUN([INITVIZ_LAPACK], [
  AC_ARG_WITH([lapack],
    [AS_HELP_STRING([--with-lapack=auto|yes|no], [compute singular values with the LAPACK in OpenBLAS (default auto)])],
    [], [with_lapack=auto])
  AS_CASE([$with_lapack], [auto|yes|no], [], [AC_MSG_ERROR([--with-lapack takes auto, yes or no])])
  initviz_lapack=no
  AS_IF([test "$with_lapack" != no], [
    AC_MSG_CHECKING([for LAPACK in OpenBLAS])
    initviz_save_LIBS=$LIBS
    LIBS="$OPENBLAS_LIBS $LIBS"
    AC_LINK_IFELSE([AC_LANG_PROGRAM([[extern void dgesdd_(void);]],
      [[void (*volatile function)(void) = dgesdd_; return function == 0]])], [initviz_lapack=yes])
    LIBS=$initviz_save_LIBS
    AC_MSG_RESULT([$initviz_lapack])])
  AS_IF([test "$with_lapack$initviz_lapack" = yesno],
    [AC_MSG_ERROR([OpenBLAS was built without LAPACK: dgesdd is missing])])
  AS_IF([test "$initviz_lapack" = yes], [LAPACK_NAME="LAPACK in OpenBLAS"], [LAPACK_NAME="plain rotations (no LAPACK)"])
  AM_CONDITIONAL([LAPACK], [test "$initviz_lapack" = yes])
])

# INITVIZ_TENSORBOARD: protobuf-c and its compiler where both are installed, for --tensorboard.
# Sets TENSORBOARD_LIBS, TENSORBOARD_CFLAGS, TENSORBOARD_NAME and the conditional TENSORBOARD.
AC_DEFUN([INITVIZ_TENSORBOARD], [
  AC_ARG_WITH([protobuf],
    [AS_HELP_STRING([--with-protobuf=auto|yes|no], [write TensorBoard's files with protobuf-c (default auto)])],
    [], [with_protobuf=auto])
  AS_CASE([$with_protobuf], [auto|yes|no], [], [AC_MSG_ERROR([--with-protobuf takes auto, yes or no])])
  AC_ARG_VAR([PROTOC_C], [the compiler of protobuf-c])
  AC_CHECK_PROG([PROTOC_C], [protoc-c], [protoc-c])
  TENSORBOARD_NAME="left out (protobuf-c missing)"
  AS_IF([test "$with_protobuf" = no], [PROTOBUF_found=no],
    [test "$PROTOBUF_found" = yes && test -z "$PROTOC_C"],
    [PROTOBUF_found=no
     TENSORBOARD_NAME="left out (protoc-c missing)"
     PROTOBUF_why="protoc-c is missing: install protobuf-c-compiler (Debian), protobuf-c-compiler (Fedora) or protobuf-c (Homebrew)"])
  AS_IF([test "$with_protobuf$PROTOBUF_found" = yesno], [AC_MSG_ERROR([$PROTOBUF_why])])
  AS_IF([test "$PROTOBUF_found" = yes],
    [TENSORBOARD_CFLAGS=$PROTOBUF_CFLAGS; TENSORBOARD_LIBS=$PROTOBUF_LIBS; TENSORBOARD_NAME="protobuf-c $PROTOBUF_VERSION"],
    [TENSORBOARD_CFLAGS=; TENSORBOARD_LIBS=])
  AC_SUBST([TENSORBOARD_CFLAGS])
  AC_SUBST([TENSORBOARD_LIBS])
  AM_CONDITIONAL([TENSORBOARD], [test "$PROTOBUF_found" = yes])
])

# INITVIZ_FETCH: libcurl and nettle where both are installed, for --fetch.  Sets FETCH_LIBS, FETCH_CFLAGS,
# FETCH_NAME and the conditional FETCH.
AC_DEFUN([INITVIZ_FETCH], [
  AC_ARG_WITH([curl],
    [AS_HELP_STRING([--with-curl=auto|yes|no], [download data sets with libcurl and nettle (default auto)])],
    [], [with_curl=auto])
  AS_CASE([$with_curl], [auto|yes|no], [], [AC_MSG_ERROR([--with-curl takes auto, yes or no])])
  FETCH_NAME="left out (libcurl missing)"
  AS_IF([test "$with_curl" = no], [CURL_found=no; FETCH_NAME="left out"],
    [test "$CURL_found" = yes && test "$NETTLE_found" = no],
    [CURL_found=no
     FETCH_NAME="left out (nettle missing)"
     CURL_why=$NETTLE_why])
  AS_IF([test "$with_curl$CURL_found" = yesno], [AC_MSG_ERROR([$CURL_why])])
  AS_IF([test "$CURL_found" = yes],
    [FETCH_CFLAGS="$CURL_CFLAGS $NETTLE_CFLAGS"; FETCH_LIBS="$CURL_LIBS $NETTLE_LIBS"
     FETCH_NAME="libcurl $CURL_VERSION, nettle $NETTLE_VERSION"],
    [FETCH_CFLAGS=; FETCH_LIBS=])
  AC_SUBST([FETCH_CFLAGS])
  AC_SUBST([FETCH_LIBS])
  AC_SUBST([FETCH_NAME])
  AM_CONDITIONAL([FETCH], [test "$CURL_found" = yes])
])

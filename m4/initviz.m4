# INITVIZ_PCG: pcg-c where it is installed, else the C++ headers behind the
# shim.  Sets PCG_LIBS, PCG_NAME and the conditional PCG_CPP.
AC_DEFUN([INITVIZ_PCG], [
  AC_ARG_WITH([pcg],
    [AS_HELP_STRING([--with-pcg=auto|c|cpp], [which libpcg to use: pcg-c or the C++ headers (default auto)])],
    [], [with_pcg=auto])
  AS_CASE([$with_pcg], [auto|c|cpp], [], [AC_MSG_ERROR([--with-pcg takes auto, c or cpp])])
  pcg_found=no
  AS_IF([test "$with_pcg" != cpp], [
    AC_CHECK_HEADER([pcg_variants.h], [
      # pcg32_random_r is a macro: the function behind it is what the library has
      AC_CHECK_LIB([pcg_random], [pcg_setseq_64_xsh_rr_32_random_r],
        [pcg_found=c; PCG_LIBS=-lpcg_random; PCG_NAME=pcg-c])])])
  AS_IF([test "$pcg_found" = no && test "$with_pcg" != c], [
    AC_LANG_PUSH([C++])
    AC_CHECK_HEADER([pcg_random.hpp], [pcg_found=cpp; PCG_LIBS=; PCG_NAME=pcg-cpp])
    AC_LANG_POP([C++])])
  AS_IF([test "$pcg_found" = no],
    [AC_MSG_ERROR([libpcg is missing: install libpcg-cpp-dev (Debian), pcg-cpp-devel (Fedora), or pcg-c from source])])
  AC_SUBST([PCG_LIBS])
  AC_SUBST([PCG_NAME])
  AM_CONDITIONAL([PCG_CPP], [test "$pcg_found" = cpp])
  # the C++ headers bring <iostream>: then the C++ compiler links every program
  AS_IF([test "$pcg_found" = cpp], [CCLD='$(CXX)'], [CCLD='$(CC)'])
  AC_SUBST([CCLD])
])

# INITVIZ_INFLATE: ISA-L where it is installed, which inflates twice as fast, else
# zlib, which has been found before.  Sets INFLATE_CFLAGS, INFLATE_LIBS,
# INFLATE_NAME and the conditional ISAL.
AC_DEFUN([INITVIZ_INFLATE], [
  AC_ARG_WITH([isal],
    [AS_HELP_STRING([--with-isal=auto|yes|no], [inflate with ISA-L instead of zlib (default auto)])],
    [], [with_isal=auto])
  AS_CASE([$with_isal], [auto|yes|no], [], [AC_MSG_ERROR([--with-isal takes auto, yes or no])])
  isal_found=no
  AS_IF([test "$with_isal" != no], [PKG_CHECK_MODULES([ISAL], [libisal >= 2.30], [isal_found=yes], [isal_found=no])])
  AS_IF([test "$with_isal$isal_found" = yesno],
    [AC_MSG_ERROR([ISA-L is missing: install libisal-dev (Debian), isa-l-devel (Fedora) or isa-l (Homebrew)])])
  AS_IF([test "$isal_found" = yes],
    [INFLATE_CFLAGS=$ISAL_CFLAGS; INFLATE_LIBS=$ISAL_LIBS; INFLATE_NAME="ISA-L `$PKG_CONFIG --modversion libisal`"],
    [INFLATE_CFLAGS=$ZLIB_CFLAGS; INFLATE_LIBS=$ZLIB_LIBS; INFLATE_NAME="zlib `$PKG_CONFIG --modversion zlib`"])
  AC_SUBST([INFLATE_CFLAGS])
  AC_SUBST([INFLATE_LIBS])
  AM_CONDITIONAL([ISAL], [test "$isal_found" = yes])
])

# INITVIZ_ADD_FLAG(VARIABLE, FLAG): appends FLAG when compiler and linker take it.
AC_DEFUN([INITVIZ_ADD_FLAG], [
  AS_VAR_PUSHDEF([cached], [initviz_cv_flag_$2])
  AC_CACHE_CHECK([whether the compiler takes $2], [cached], [
    flags_before=$CFLAGS
    CFLAGS="$CFLAGS -Werror $2"
    AC_LINK_IFELSE([AC_LANG_PROGRAM([[#include <stdio.h>]], [[puts("")]])],
      [AS_VAR_SET([cached], [yes])], [AS_VAR_SET([cached], [no])])
    CFLAGS=$flags_before])
  AS_VAR_IF([cached], [yes], [$1="$$1 $2"])
  AS_VAR_POPDEF([cached])
])

# INITVIZ_COMPILER_FLAGS: warnings, hardening, sanitizers, coverage, and the
# flags of the numerics.
AC_DEFUN([INITVIZ_COMPILER_FLAGS], [
  AC_ARG_ENABLE([werror], [AS_HELP_STRING([--enable-werror], [make warnings fatal])], [], [enable_werror=no])
  AC_ARG_ENABLE([sanitize],
    [AS_HELP_STRING([--enable-sanitize=LIST], [address,undefined or thread])], [], [enable_sanitize=no])
  AC_ARG_ENABLE([coverage], [AS_HELP_STRING([--enable-coverage], [instrument for gcov])], [], [enable_coverage=no])
  AC_ARG_ENABLE([hardening], [AS_HELP_STRING([--disable-hardening], [leave out hardening flags])],
    [], [enable_hardening=yes])

  WARNING_FLAGS="-Wall -Wextra -Wformat=2 -Wshadow -Wvla -Wstrict-prototypes -Wconversion"
  WARNING_FLAGS="$WARNING_FLAGS -Werror=format-security -Werror=implicit-function-declaration"
  INITVIZ_ADD_FLAG([WARNING_FLAGS], [-Wframe-larger-than=16384])
  AS_IF([test "$enable_werror" = yes], [WARNING_FLAGS="$WARNING_FLAGS -Werror"])

  # NaN and Inf are data: nothing of -ffast-math but what leaves them alone.
  NUMERICS_FLAGS="-ffp-contract=off -fno-math-errno -fno-trapping-math"
  INITVIZ_ADD_FLAG([NUMERICS_FLAGS], [-ftree-vectorize])
  INITVIZ_ADD_FLAG([NUMERICS_FLAGS], [-fvect-cost-model=dynamic])
  # the functions compiled for AVX-512 too use its full width; says nothing to the others
  INITVIZ_ADD_FLAG([NUMERICS_FLAGS], [-mprefer-vector-width=512])

  SANITIZE_FLAGS=
  AS_CASE([$enable_sanitize],
    [no], [],
    [yes], [enable_sanitize=address,undefined])
  AS_IF([test "$enable_sanitize" != no], [
    SANITIZE_FLAGS="-fsanitize=$enable_sanitize -fno-omit-frame-pointer -fno-sanitize-recover=all"
    INITVIZ_ADD_FLAG([SANITIZE_FLAGS], [-fsanitize=float-cast-overflow])])
  AS_IF([test "$enable_coverage" != no], [SANITIZE_FLAGS="$SANITIZE_FLAGS --coverage"])

  HARDENING_FLAGS=
  AS_IF([test "$enable_hardening" = yes && test "$enable_sanitize" = no], [
    AS_CASE([" $CPPFLAGS $CFLAGS "],
      [*_FORTIFY_SOURCE*], [],
      [*" -O0 "*], [],
      [INITVIZ_ADD_FLAG([HARDENING_FLAGS], [-D_FORTIFY_SOURCE=3])
       AS_CASE([$HARDENING_FLAGS], [*FORTIFY*], [],
         [INITVIZ_ADD_FLAG([HARDENING_FLAGS], [-D_FORTIFY_SOURCE=2])])])
    INITVIZ_ADD_FLAG([HARDENING_FLAGS], [-fstack-protector-strong])
    INITVIZ_ADD_FLAG([HARDENING_FLAGS], [-fstack-clash-protection])
    INITVIZ_ADD_FLAG([HARDENING_FLAGS], [-fcf-protection=full])
    INITVIZ_ADD_FLAG([HARDENING_FLAGS], [-ftrivial-auto-var-init=zero])
    INITVIZ_ADD_FLAG([HARDENING_FLAGS], [-fPIE -pie])
    INITVIZ_ADD_FLAG([HARDENING_FLAGS], [-Wl,-z,relro])
    INITVIZ_ADD_FLAG([HARDENING_FLAGS], [-Wl,-z,now])
    INITVIZ_ADD_FLAG([HARDENING_FLAGS], [-Wl,-z,noexecstack])])
  # the same flags reach compiler and linker; the linker's own must not reach the compiler
  COMPILE_HARDENING=
  for flag in $HARDENING_FLAGS; do
    AS_CASE([$flag], [-Wl,*|-pie], [], [COMPILE_HARDENING="$COMPILE_HARDENING $flag"])
  done
  AC_SUBST([WARNING_FLAGS])
  AC_SUBST([NUMERICS_FLAGS])
  AC_SUBST([SANITIZE_FLAGS])
  AC_SUBST([HARDENING_FLAGS])
  AC_SUBST([COMPILE_HARDENING])
])

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

# INITVIZ_PUT_ERRORS_ASIDE, INITVIZ_BRING_ERRORS_BACK: between them, the flags of the user
# that turn warnings into errors are left out.  Autoconf's own programs have warnings, so
# that with these flags it finds nothing of what is there.
AC_DEFUN([INITVIZ_PUT_ERRORS_ASIDE], [
  initviz_aside_CFLAGS= initviz_aside_CXXFLAGS= initviz_aside_CPPFLAGS=
  for initviz_flags in CFLAGS CXXFLAGS CPPFLAGS; do
    eval "initviz_given=\" \$$initviz_flags \""
    for initviz_flag in $initviz_given; do
      AS_CASE([$initviz_flag], [-Werror*|-pedantic-errors], [eval "initviz_aside_$initviz_flags=\"\$initviz_aside_$initviz_flags \$initviz_flag\""])
    done
    initviz_kept=`AS_ECHO(["$initviz_given"]) | sed -e :again -e 's/ -Werror[[^ ]]* / /; t again' -e 's/ -pedantic-errors / /; t again' -e 's/^ *//; s/ *$//'`
    eval "$initviz_flags=\$initviz_kept"
  done
])
AC_DEFUN([INITVIZ_BRING_ERRORS_BACK], [
  CFLAGS="$CFLAGS$initviz_aside_CFLAGS"
  CXXFLAGS="$CXXFLAGS$initviz_aside_CXXFLAGS"
  CPPFLAGS="$CPPFLAGS$initviz_aside_CPPFLAGS"
])

# INITVIZ_REFUSE_FAST_MATH: initviz shows NaN and infinity, which these options
# let the compiler ignore; they also change every number a little.
AC_DEFUN([INITVIZ_REFUSE_FAST_MATH], [
  AC_MSG_CHECKING([whether the compiler keeps to IEEE arithmetic])
  AS_CASE([" $CC $CPPFLAGS $CFLAGS $LDFLAGS "],
    [*" -Ofast "*|*" -ffast-math "*|*" -ffinite-math-only "*|*" -funsafe-math-optimizations "*|*" -fassociative-math "*|*" -freciprocal-math "*|*" -ffp-model=fast "*],
    [initviz_ieee=no],
    [AC_COMPILE_IFELSE([AC_LANG_PROGRAM([[
#if defined __FAST_MATH__ || (defined __FINITE_MATH_ONLY__ && __FINITE_MATH_ONLY__)
#error not IEEE arithmetic
#endif]])], [initviz_ieee=yes], [initviz_ieee=no])])
  AC_MSG_RESULT([$initviz_ieee])
  AS_IF([test $initviz_ieee = no],
    [AC_MSG_ERROR([initviz shows NaN and infinity as they are, and -Ofast, -ffast-math and their parts compute them wrongly: leave them out of the flags ($CFLAGS)])])
])

# INITVIZ_EXACT_DOUBLES: FLOAT_FLAGS, with which float and double are computed with the
# digits they have.  The x87 unit, the default on 32-bit x86, has more: the same
# formula then gives other bits, depending on which values stay in registers.
AC_DEFUN([INITVIZ_EXACT_DOUBLES], [
  FLOAT_FLAGS=
  AC_CACHE_CHECK([for the flags that compute doubles as doubles], [initviz_cv_float_flags], [
    initviz_cv_float_flags=unknown
    flags_before=$CFLAGS
    for flags in '' '-msse2 -mfpmath=sse'; do
      CFLAGS="$flags_before $flags"
      AS_IF([test "$initviz_cv_float_flags" = unknown],
        [AC_COMPILE_IFELSE([AC_LANG_PROGRAM([[
#if defined __FLT_EVAL_METHOD__ && __FLT_EVAL_METHOD__ != 0
#error more digits than the type has
#endif]])], [AS_IF([test "$flags"], [initviz_cv_float_flags=$flags], [initviz_cv_float_flags=none])])])
    done
    CFLAGS=$flags_before])
  AS_CASE([$initviz_cv_float_flags],
    [none], [],
    [unknown], [AC_MSG_WARN([$CC computes doubles with more digits than they have: last digits differ from those of other machines, and some tests fail])],
    [FLOAT_FLAGS=$initviz_cv_float_flags])
  AC_SUBST([FLOAT_FLAGS])
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
  WARNING_FLAGS="$WARNING_FLAGS -Werror=format-security -Werror=implicit-function-declaration -Werror=float-conversion"
  INITVIZ_ADD_FLAG([WARNING_FLAGS], [-Wframe-larger-than=16384])
  AS_IF([test "$enable_werror" = yes], [WARNING_FLAGS="$WARNING_FLAGS -Werror"])

  INITVIZ_EXACT_DOUBLES

  # NaN and Inf are data: only those parts of -ffast-math that do not affect them.
  NUMERICS_FLAGS="-ffp-contract=off -fno-math-errno -fno-trapping-math"
  INITVIZ_ADD_FLAG([NUMERICS_FLAGS], [-ftree-vectorize])
  INITVIZ_ADD_FLAG([NUMERICS_FLAGS], [-fvect-cost-model=dynamic])
  # the functions compiled for AVX-512 too use its full width; no effect on the others
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
    # not -ftrivial-auto-var-init=zero: gcc 12 then clears bytes that are not padding
    # in an array of structs that function calls initialize (seen in tests/test_runs.c)
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

# An expression for Nix, to be called with callPackage in this folder.  Untried.
{ lib, stdenv, autoreconfHook, pkg-config, protobufc, curl, isa-l, jansson, libzip, ncurses, nettle, openblas, zlib, cmocka, bats, procps
, python3, tmux, mandoc }:

stdenv.mkDerivation {
  pname = "initviz";
  version = "1.0";
  src = lib.cleanSource ../..;

  nativeBuildInputs = [ autoreconfHook pkg-config protobufc ];
  buildInputs = [ curl isa-l jansson libzip ncurses nettle openblas protobufc zlib ];
  nativeCheckInputs = [ cmocka bats procps python3 tmux mandoc ];

  enableParallelBuilding = true;
  doCheck = true;

  meta = with lib; {
    description = "Show live what weight initialization does to a neural network";
    license = licenses.mit;
    platforms = platforms.unix;
    mainProgram = "initviz";
  };
}

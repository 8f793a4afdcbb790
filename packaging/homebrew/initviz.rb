# A formula for Homebrew.  Untried: url and sha256 are those of a release that does not exist yet.
class Initviz < Formula
  desc "Show live what weight initialization does to a neural network"
  homepage "https://example.org/initviz"
  url "https://example.org/initviz/initviz-1.0.tar.gz"
  sha256 "0000000000000000000000000000000000000000000000000000000000000000"
  license "MIT"

  depends_on "pkgconf" => :build
  depends_on "protobuf-c" => :build
  depends_on "isa-l"
  depends_on "jansson"
  depends_on "libzip"
  depends_on "nettle"
  depends_on "ncurses"
  depends_on "openblas"
  uses_from_macos "curl"
  uses_from_macos "zlib"

  def install
    system "./configure", *std_configure_args
    system "make", "install"
  end

  test do
    assert_match "initviz", shell_output("#{bin}/initviz --version")
    system bin/"initviz", "--headless", "-d", "digits", "-n", "5", "--fail-on-nan"
  end
end

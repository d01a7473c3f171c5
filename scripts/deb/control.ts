/** Control files for dpkg. Pure. */

/** `1.2.0-beta.1` comes before `1.2.0` in Debian's order only with a tilde. */
export function debianVersion(version: string): string {
  if (!/^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.]+)?$/.test(version))
    throw new Error(`version ${version}: expected one like 1.2.3 or 1.2.3-beta.1`);
  const [core = '', ...rest] = version.split('-');
  return rest.length === 0 ? core : `${core}~${rest.join('.')}`;
}

/** Symbol versions of libstdc++, and the GCC that brought them. */
const GCC_OF: readonly (readonly [symbols: string, gcc: string])[] = [
  ['3.4.32', '13.1'],
  ['3.4.30', '12'],
  ['3.4.29', '11'],
  ['3.4.28', '9'],
  ['3.4.26', '9'],
  ['3.4.25', '8'],
];

/** The C and C++ libraries that the programs need; `symbols` is what `readelf -V` prints of all. */
export function libraryDependencies(symbols: string): string[] {
  const newest = (name: string): string => {
    const all = [...symbols.matchAll(new RegExp(`\\b${name}_(\\d+(?:\\.\\d+)+)`, 'g'))];
    return (
      all
        .map(([, version = '']) => version)
        .sort(byNumber)
        .at(-1) ?? '0'
    );
  };
  const cxx = newest('GLIBCXX');
  const gcc = GCC_OF.find(([from]) => byNumber(cxx, from) >= 0)?.[1] ?? '5';
  return [`libc6 (>= ${newest('GLIBC')})`, `libstdc++6 (>= ${gcc})`, 'libgcc-s1'];
}

function byNumber(one: string, other: string): number {
  const [a, b] = [one, other].map((version) => version.split('.').map(Number));
  for (let at = 0; at < Math.max(a?.length ?? 0, b?.length ?? 0); at++) {
    const difference = (a?.[at] ?? 0) - (b?.[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

interface ControlParts {
  readonly version: string;
  readonly architecture: string;
  readonly installedKb: number;
  readonly libraries: readonly string[];
}

export const maintainer = 'Deskmate maintainers <maintainers@deskmate.invalid>';

/** Other packages that the robot needs. GStreamer's programs and plugins: camera and sound. */
export const depends = [
  'gstreamer1.0-tools',
  'gstreamer1.0-plugins-base',
  'gstreamer1.0-plugins-good',
  'gstreamer1.0-plugins-bad',
  'gstreamer1.0-alsa',
  'init-system-helpers (>= 1.54~)',
  'kmod',
  'passwd',
  'systemd (>= 247)',
  'udev',
  'v4l-utils',
];

const recommends = [
  'ca-certificates',
  'dbus',
  // The doctor uses it to find a line's consumer.
  'gpiod',
  'gstreamer1.0-libcamera',
  'network-manager',
];

const suggests = [
  'alsa-utils',
  'gstreamer1.0-pipewire',
  'gstreamer1.0-pulseaudio',
  'i2c-tools',
  'modemmanager',
];

export function controlFile({
  version,
  architecture,
  installedKb,
  libraries,
}: ControlParts): string {
  return `Package: deskmate
Version: ${version}
Section: misc
Priority: optional
Architecture: ${architecture}
Maintainer: ${maintainer}
Installed-Size: ${installedKb}
Depends: ${[...libraries, ...depends].sort().join(', ')}
Recommends: ${recommends.join(', ')}
Suggests: ${suggests.join(', ')}
Description: classroom telepresence robot for a pupil who cannot be there
 Deskmate is the software of a small robot on a desk: a pupil who cannot be in
 class sees the board, hears the teacher, turns the robot's head, speaks and
 raises a hand.
 .
 This package holds what runs on the robot, or on a laptop as a telepresence
 station: the firmware (head, lights, buttons, power), media (camera, sound), the
 agent (access, network), the deskmate command, and the Node.js runtime they
 share. These are three services of three users; only the firmware reaches GPIO
 and I2C.
`;
}

/** Debian's changelog of the package; what changed in Deskmate stands in CHANGELOG.md. */
export function changelog(version: string, epochSeconds: number): string {
  const date = new Date(epochSeconds * 1000).toUTCString().replace('GMT', '+0000');
  return `deskmate (${version}) stable; urgency=medium

  * What changed stands in /usr/share/doc/deskmate/CHANGELOG.md.gz.

 -- ${maintainer}  ${date}
`;
}

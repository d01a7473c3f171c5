/** Debian packages that `make vm-test` needs, and their installation. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

interface Need {
  readonly packages: readonly string[];
  /** Installed if this file exists. */
  readonly file?: string;
}

export const NEEDS: readonly Need[] = [
  { packages: ['qemu-system-x86'], file: '/usr/bin/qemu-system-x86_64' },
  // Images and headers of one version: those of a machine's own kernel may be older.
  { packages: ['linux-image-amd64', 'linux-headers-amd64'] },
  { packages: ['busybox-static'], file: '/bin/busybox' },
  { packages: ['kmod'], file: '/usr/bin/kmod' },
  { packages: ['xz-utils'], file: '/usr/bin/xz' },
  { packages: ['gcc', 'make'], file: '/usr/bin/gcc' },
  { packages: ['gstreamer1.0-tools'], file: '/usr/bin/gst-launch-1.0' },
  { packages: ['gstreamer1.0-plugins-base', 'gstreamer1.0-plugins-good'] },
  { packages: ['gstreamer1.0-plugins-bad', 'gstreamer1.0-alsa'] },
  { packages: ['v4l-utils'], file: '/usr/bin/v4l2-ctl' },
  { packages: ['alsa-utils'], file: '/usr/bin/aplay' },
];

class MissingPackages extends Error {
  override readonly name = 'MissingPackages';
}

/** Installs as root; otherwise rejects with the one line that does it. */
export function ensurePackages(needs: readonly Need[], logLine: (line: string) => void): void {
  if (process.platform !== 'linux' || process.arch !== 'x64' || !existsSync('/usr/bin/dpkg-query'))
    throw new MissingPackages(
      'make vm-test boots a Debian kernel in QEMU and needs Debian 12 on x86-64; on other systems run it in a container of it.',
    );
  const missing = missingPackages(needs);
  if (missing.length === 0) return;
  const install = `apt-get install -y --no-install-recommends ${missing.join(' ')}`;
  if (process.getuid?.() !== 0)
    throw new MissingPackages(
      `make vm-test needs packages that are not installed: sudo ${install}`,
    );
  logLine(`installing ${missing.join(', ')}`);
  apt(['update', '-qq']);
  apt(['install', '-y', '-qq', '--no-install-recommends', ...missing]);
}

function missingPackages(needs: readonly Need[]): string[] {
  const wanted = needs
    .filter(({ file }) => !file || !existsSync(file))
    .flatMap(({ packages }) => packages);
  if (wanted.length === 0) return [];
  const { stdout } = spawnSync(
    'dpkg-query',
    ['-W', '-f', `\${Package} \${db:Status-Abbrev}\n`, ...wanted],
    { encoding: 'utf8' },
  );
  return wanted.filter((name) => !stdout.includes(`${name} ii `));
}

function apt(args: readonly string[]): void {
  const { status, stderr } = spawnSync('apt-get', args, {
    encoding: 'utf8',
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  if (status !== 0)
    throw new MissingPackages(`apt-get ${args.join(' ')} failed:\n${stderr.trim()}`);
}

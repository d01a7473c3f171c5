import type { CameraWiring } from '../../../../hal/boards/wiring.ts';
import { type Check, type Finding, ok, problem, type Subject, warning } from '../check.ts';
import type { Machine } from '../machine.ts';
import { bestMode, modeText, readModes, wide } from '../video-modes.ts';
import { elementsFinding } from './elements.ts';

export const camera: Check = {
  name: 'camera',
  withinMs: 8_000,
  async run(machine, subject) {
    const wiring = subject.board?.camera;
    if (!wiring) return subject.board ? [ok('notOnBoard')] : [];
    const source = wiring.source === 'v4l2' ? ['v4l2src', 'jpegdec'] : ['libcamerasrc'];
    const [elements, devices] = await Promise.all([
      elementsFinding(machine, [...source, 'videoconvert', 'videoscale']),
      ofDevices(machine, wiring, subject),
    ]);
    return [...devices, elements];
  },
};

async function ofDevices(
  machine: Machine,
  wiring: CameraWiring,
  { status }: Subject,
): Promise<Finding[]> {
  const running = status?.health.camera;
  if (running?.state === 'running') return [ok('cameraStreams')];
  const faults = running?.state === 'fault' ? [problem('cameraFault', { why: running.why })] : [];
  const seen =
    wiring.source === 'v4l2' ? await ofV4l2(machine, wiring.device) : await ofLibcamera(machine);
  return [...faults, ...seen];
}

async function ofV4l2(machine: Machine, wanted: string): Promise<Finding[]> {
  const devices = wanted === 'auto' ? await captureDevices(machine) : [wanted];
  if (devices.length === 0) return [problem('cameraNone')];
  const found: Finding[] = [];
  for (const device of devices) {
    const finding = await ofDevice(machine, device);
    // `auto` takes the first that works; what is wrong with others then matters to nobody.
    if (finding.verdict === 'ok') return [finding];
    found.push(finding);
  }
  return found.slice(0, 1);
}

/**
 * Video devices that capture: one camera has several device files, of which the kernel numbers
 * those with pictures 0 in `index` (the others carry metadata).
 */
async function captureDevices(machine: Machine): Promise<string[]> {
  const names = (await machine.list('/sys/class/video4linux'))
    .filter((name) => /^video\d+$/.test(name))
    .sort((a, b) => Number(a.slice(5)) - Number(b.slice(5)));
  const first = await Promise.all(
    names.map(async (name) => {
      const index = await machine.read(`/sys/class/video4linux/${name}/index`);
      return !index.ok || index.text.trim() === '0';
    }),
  );
  return names.filter((_, i) => first[i]).map((name) => `/dev/${name}`);
}

async function ofDevice(machine: Machine, device: string): Promise<Finding> {
  const may = await machine.may(device, 'readWrite');
  if (may === 'missing') return problem('cameraMissing', { device });
  if (may === 'no') return problem('cameraDenied', { device, user: machine.user.name });
  const [holder] = await machine.holders(device);
  if (holder) return problem('cameraBusy', { device, holder: `${holder.name} (${holder.pid})` });
  const sysfs = await machine.read(`/sys/class/video4linux/${device.slice('/dev/'.length)}/name`);
  const name = sysfs.ok ? sysfs.text.trim() : device;
  const { code, out } = await machine.run('v4l2-ctl', '-d', device, '--list-formats-ext');
  if (code !== 0) return warning('cameraModesUnknown', { name, device });
  const modes = readModes(out);
  const mode = bestMode(modes);
  // Drivers of virtual cameras list no sizes: they take any.
  if (!mode) return ok('cameraOk', { name, device, mode: '1280x720' });
  const text = modeText(mode);
  return wide(mode)
    ? ok('cameraOk', { name, device, mode: text })
    : warning('cameraSlow', { name, device, mode: text });
}

async function ofLibcamera(machine: Machine): Promise<Finding[]> {
  // Any of these tells; which one is installed differs by distribution.
  for (const [tool, ...args] of [
    ['rpicam-hello', '--list-cameras'],
    ['libcamera-hello', '--list-cameras'],
    ['cam', '--list'],
  ] as const) {
    const { code, out } = await machine.run(tool, ...args);
    if (code === null) continue;
    const count = [...out.matchAll(/^\s*\d+\s*:\s/gm)].length;
    return [count > 0 ? ok('cameraThere', { count }) : problem('cameraNone')];
  }
  const { out } = await machine.run('gst-device-monitor-1.0', 'Video/Source');
  const count = [...out.matchAll(/libcamerasrc/g)].length;
  return [count > 0 ? ok('cameraThere', { count }) : problem('cameraNone')];
}

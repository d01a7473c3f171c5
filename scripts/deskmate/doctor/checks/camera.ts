import type { CameraWiring } from '../../../../hal/boards/board.ts';
import { whyNoCamera } from '../../../../hal/linux/camera/camera-kind.ts';
import { NotThere } from '../../../../hal/linux/camera/camera-source.ts';
import { chooseMode } from '../../../../hal/linux/camera/choose-mode.ts';
import { type CameraDevice, parseDevice } from '../../../../hal/linux/camera/v4l2-modes.ts';
import { findCamera, useless } from '../../../../hal/linux/camera/v4l2-source.ts';
import { HardwareFault } from '../../../../hal/ports/fault.ts';
import type { Finding, Subject } from '../check.ts';
import { checkOfPart, notExamined, ok, problem, warning } from '../check.ts';
import type { HostProbe } from '../host-probe.ts';
import { elementsFinding } from './elements.ts';

/** The largest picture that a pupil may choose (agent/media-link/media-loop.ts). */
const BEST = { width: 1280, height: 720 };
const FRAMES_PER_S = 30;
/** Elements of every camera's pipeline (hal/linux/camera/pipeline-words.ts). */
const COMMON = ['videoconvert', 'videoscale', 'videorate', 'videocrop', 'videobalance', 'gdppay'];

export const camera = checkOfPart('camera', 8_000, async (machine, wiring, subject) => {
  const source = wiring.source === 'v4l2' ? ['v4l2src', 'jpegdec'] : ['libcamerasrc'];
  const [elements, devices] = await Promise.all([
    elementsFinding(machine, [...source, ...COMMON]),
    ofDevices(machine, wiring, subject),
  ]);
  return [...devices, elements];
});

async function ofDevices(
  machine: HostProbe,
  wiring: CameraWiring,
  subject: Subject,
): Promise<Finding[]> {
  const { status } = subject;
  const running = status?.health.camera;
  if (running?.state === 'running') return [ok('cameraStreams')];
  const faults = running?.state === 'fault' ? [problem('cameraFault', { why: running.why })] : [];
  const seen =
    wiring.source === 'v4l2' ? await ofV4l2(machine, wiring.device) : await ofLibcamera(machine);
  const [missing] = seen;
  if (faults.length === 0 && missing && MISSING.has(missing.key))
    return [withoutPower(subject) ?? missing];
  return [...faults, ...seen];
}

const MISSING: ReadonlySet<string> = new Set(['cameraNone', 'cameraMissing']);

/**
 * A camera on a rail is present only while it has power, which only firmware switches.
 * Undefined: it has power, or should have.
 */
function withoutPower({ board, status }: Subject): Finding | undefined {
  if (!board?.gpio?.lines.cameraRail) return undefined;
  const body = status?.health.body;
  if (!status || !body) return warning('cameraPowerUnknown');
  const wanted = body.cameraOn || status.phase === 'live' || status.health.camera.state !== 'idle';
  return wanted ? undefined : notExamined('cameraAsleep');
}

async function ofV4l2(machine: HostProbe, wanted: string): Promise<Finding[]> {
  if (wanted !== 'auto') return [await ofDevice(machine, wanted, await look(machine, wanted))];
  try {
    const found = await findCamera(await videoFiles(machine), async (file) => ({
      file,
      device: deviceOf(await look(machine, file)),
    }));
    return [await ofDevice(machine, found.file, found.device)];
  } catch (error) {
    if (error instanceof Unusable) return [error.finding];
    if (error instanceof NotThere) return [problem('cameraNone')];
    if (error instanceof HardwareFault) return [problem('cameraUnfit', { why: error.message })];
    throw error;
  }
}

/** In the order in which the driver tries them. */
async function videoFiles(machine: HostProbe): Promise<string[]> {
  return (await machine.list('/dev'))
    .filter((name) => /^video\d+$/.test(name))
    .sort((a, b) => Number(a.slice(5)) - Number(b.slice(5)))
    .map((name) => `/dev/${name}`);
}

/** A device file that cannot be queried. */
class Unusable extends Error {
  constructor(readonly finding: Finding) {
    super(finding.key);
  }
}

async function look(machine: HostProbe, device: string): Promise<CameraDevice | Finding> {
  const may = await machine.may(device, 'readWrite');
  if (may === 'missing') return problem('cameraMissing', { device });
  if (may === 'no') return problem('cameraDenied', { device, user: machine.user.name });
  const asked = ['--device', device, '--info', '--list-formats-ext'];
  const { code, out } = await machine.run('v4l2-ctl', ...asked);
  return code === 0 ? parseDevice(out) : problem('cameraModesUnknown', { device });
}

function deviceOf(looked: CameraDevice | Finding): CameraDevice {
  if ('verdict' in looked) throw new Unusable(looked);
  return looked;
}

async function ofDevice(
  machine: HostProbe,
  file: string,
  looked: CameraDevice | Finding,
): Promise<Finding> {
  if ('verdict' in looked) return looked;
  const mode = chooseMode(looked.modes, BEST, FRAMES_PER_S);
  if (!mode) return problem('cameraUnfit', { why: `${file}: ${useless(looked)}` });
  const why = whyNoCamera(looked);
  if (why !== undefined) return problem('cameraUnfit', { why: `${file}: ${why}` });
  const [holder] = await machine.holders(file);
  if (holder)
    return problem('cameraBusy', { device: file, holder: `${holder.name} (${holder.pid})` });
  const { size, fps = FRAMES_PER_S, fourcc } = mode;
  const text = `${size.width}x${size.height}, ${Math.round(fps)}/s, ${fourcc.trim()}`;
  const enough = size.width >= BEST.width && size.height >= BEST.height && fps > 29;
  const say = enough ? ok : warning;
  return say(enough ? 'cameraOk' : 'cameraSlow', { name: looked.card, device: file, mode: text });
}

async function ofLibcamera(machine: HostProbe): Promise<Finding[]> {
  // Any of these suffices; which one is installed depends on the distribution.
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

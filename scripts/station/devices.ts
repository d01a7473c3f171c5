/**
 * Status of the station's camera and sound: the agent's while it uses them, otherwise the doctor's
 * findings. No device is opened for it.
 */
import type { AgentStatus } from '../../agent/access/admin-client.ts';
import type { DeviceNow } from '../../agent/pages/station/messages.ts';
import type { Board } from '../../hal/boards/board.ts';
import type { Clock } from '../../hal/ports/clock.ts';
import type { Finding, Subject } from '../deskmate/doctor/check.ts';
import { camera } from '../deskmate/doctor/checks/camera.ts';
import { sound } from '../deskmate/doctor/checks/sound.ts';
import { type Examined, examine } from '../deskmate/doctor/examine.ts';
import type { HostProbe } from '../deskmate/doctor/host-probe.ts';
import { sentence } from '../deskmate/doctor/tell.ts';

/** An examination takes a second of a small computer; pages poll every two. */
const LOOK_AGAIN_MS = 10_000;

interface Devices {
  readonly camera: DeviceNow;
  readonly sound: DeviceNow;
}

export class DeviceWatch {
  private latest: Promise<Devices> | undefined;
  private atMs = 0;
  private usedBefore = '';

  constructor(
    private readonly clock: Clock,
    private readonly machine: HostProbe,
    private readonly board: Board,
  ) {}

  /** Not older than LOOK_AGAIN_MS, nor than the last change that the agent reported. */
  now(status: AgentStatus | undefined): Promise<Devices> {
    const use = JSON.stringify(statesOf(status));
    const old = this.clock.now() - this.atMs > LOOK_AGAIN_MS || use !== this.usedBefore;
    if (this.latest && !old) return this.latest;
    this.atMs = this.clock.now();
    this.usedBefore = use;
    this.latest = this.look(status);
    return this.latest;
  }

  private async look(status: AgentStatus | undefined): Promise<Devices> {
    const nowhere = { kind: 'missing', file: '' } as const;
    const subject: Subject = {
      ...{ board: this.board, boardWhy: '', boardAsked: true, firmwareRuns: true },
      ...{ firmware: nowhere, media: nowhere, agent: nowhere, status },
    };
    const [seen, heard] = await examine([camera, sound], this.machine, subject, this.clock);
    const { camera: inUse, sound: sounding } = usesOf(status);
    return {
      camera: deviceOf(seen, this.board.camera === null, inUse),
      sound: deviceOf(heard, this.board.sound === null, sounding),
    };
  }
}

function statesOf(status: AgentStatus | undefined): (string | undefined)[] {
  const { camera, microphone, speaker } = status?.health ?? {};
  return [camera, microphone, speaker].map((one) => one && `${one.state} ${one.why}`);
}

function usesOf(status: AgentStatus | undefined): { camera: boolean; sound: boolean } {
  const { camera, microphone } = status?.health ?? {};
  return { camera: camera?.state === 'running', sound: microphone?.state === 'running' };
}

/** Exported for tests. */
function deviceOf(examined: Examined | undefined, absent: boolean, inUse: boolean): DeviceNow {
  const findings = examined?.findings ?? [];
  if (absent) return { state: 'absent', said: findings.map(sentences) };
  const wrong = findings.filter(({ verdict }) => verdict === 'problem');
  // Whatever the findings, a device that delivers pictures or sound works.
  if (inUse) return { state: 'on', said: said(findings, 'ok') };
  if (wrong.length > 0) return { state: 'broken', said: wrong.map(sentences) };
  return { state: 'ready', said: [...said(findings, 'ok'), ...said(findings, 'warning')] };
}

/** That GStreamer is complete is not worth reporting. */
const said = (findings: readonly Finding[], verdict: Finding['verdict']) =>
  findings.filter((one) => one.verdict === verdict && one.key !== 'elementsOk').map(sentences);

function sentences(finding: Finding): DeviceNow['said'][number] {
  return {
    nl: sentence(finding, 'nl'),
    sv: sentence(finding, 'sv'),
    en: sentence(finding, 'en'),
  };
}

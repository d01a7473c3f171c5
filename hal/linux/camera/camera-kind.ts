/*
 * Many a /dev/video file is no camera. What it is shows in its capabilities of this file alone
 * (videodev2.h; those of the whole driver say too much), in its driver and in its formats.
 */

/** Single and multi-planar. */
const CAPTURE = 0x0000_1001;
const OUTPUT = 0x0000_2002;
const MEMORY_TO_MEMORY = 0x0000_c000;
/** Gives nothing before somebody has set up the media controller behind it, as libcamera does. */
const MEDIA_CONTROLLER = 0x2000_0000;

/** Image processors and decoders that say they capture: what was put into them comes out. */
const PROCESSORS =
  /^(bcm2835-(isp|codec)|pispbe|pisp.be|rpivid|rpi-hevc|rkvdec|hantro|ipu3-imgu|mtk-|s5p-|wave\d)/;
/**
 * Receivers of camera modules: raw from the sensor, for libcamera. Rockchip's image processor (rkisp)
 * is one by the kernel's own driver, which says that it waits for the media controller; by that of
 * the maker's kernel it gives pictures as it is.
 */
const RECEIVERS =
  /^(unicam|rp1-cfe|rpi-cfe|ipu3-cio2|intel-ipu6|isys|qcom-camss|rkcif|sun\di-csi|imx\d?-csi|mxc-isi|stf-camss)/;
const LOOPBACK = /^v4l2 ?loopback/i;
/** No sensor is so wide; processors of whatever is put in say so. */
const NO_SENSOR_PX = 16_384;

type DeviceKind =
  | 'camera'
  /** For faces in the dark; takes its place only when there is no other. */
  | 'infrared'
  /** What another program shows to those that ask for a camera; taken when it is named only. */
  | 'loopback'
  /** The raw side of a camera module: libcamera's business. */
  | 'receiver'
  | 'processor'
  /** Metadata, an output, a radio. */
  | 'other';

/** What decides: as the device says of itself. */
interface Described {
  readonly driver: string;
  readonly card: string;
  /** Capabilities of this file (videodev2.h). */
  readonly caps: number;
  readonly modes: readonly {
    readonly fourcc: string;
    readonly largest: { readonly width: number };
  }[];
}

export const isCamera = (kind: DeviceKind): boolean => kind === 'camera' || kind === 'infrared';

export function kindOf(device: Described): DeviceKind {
  const { caps, driver, modes } = device;
  if (LOOPBACK.test(driver)) return caps & CAPTURE ? 'loopback' : 'other';
  if (PROCESSORS.test(driver) || caps & MEMORY_TO_MEMORY) return 'processor';
  if (!(caps & CAPTURE)) return 'other';
  if (RECEIVERS.test(driver) || caps & MEDIA_CONTROLLER) return 'receiver';
  if (caps & OUTPUT) return 'processor';
  if (modes.some(({ largest }) => largest.width >= NO_SENSOR_PX)) return 'processor';
  return isInfrared(device) ? 'infrared' : 'camera';
}

/** By its name, by grey among its formats, or by no picture that is as large as one for people. */
function isInfrared({ card, modes }: Described): boolean {
  if (/\bIR\b|infra-?red/i.test(card)) return true;
  if (modes.some(({ fourcc }) => /^(GREY|Y8|Y10|Y16)/.test(fourcc))) return true;
  return modes.length > 0 && modes.every(({ largest }) => largest.width < 400);
}

/** Why a device that somebody named gives no picture whatever its formats; undefined: it may. */
export function whyNoCamera(device: Described): string | undefined {
  const { card } = device;
  switch (kindOf(device)) {
    case 'processor':
      return `${card} is an image processor or a decoder of the board, and no camera; name another device, or "auto"`;
    case 'receiver':
      return `${card} is the raw side of a camera module; set the source of the camera to "libcamera"`;
    case 'other':
      return `${card} gives no pictures; name another device, or "auto"`;
    default:
      return undefined;
  }
}

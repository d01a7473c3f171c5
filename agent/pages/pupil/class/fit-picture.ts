export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Box extends Size {
  readonly left: number;
  readonly top: number;
}

/** At most this share of the picture may fall outside of the stage: the edge of a board matters. */
const MOST_CUT = 0.16;

/**
 * Where a picture stands on its stage: it fills the stage when little is cut off, else it is as big
 * as the cut allows and the rest of the stage stays dark. On a tall stage it stands near the top, where
 * the eyes are, `roomAbove` pixels below the edge.
 */
export function fitPicture(stage: Size, picture: Size, roomAbove: number): Box {
  if (picture.width <= 0 || picture.height <= 0) return { left: 0, top: 0, ...stage };
  const across = stage.width / picture.width;
  const down = stage.height / picture.height;
  const scale = Math.min(Math.max(across, down), Math.min(across, down) / (1 - MOST_CUT));
  const width = picture.width * scale;
  const height = picture.height * scale;
  const middle = (stage.height - height) / 2;
  const top = Math.min(middle, roomAbove);
  return { left: (stage.width - width) / 2, top, width, height };
}

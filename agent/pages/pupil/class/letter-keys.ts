const STORED_AS = 'deskmate.letterKeys';

/** Whether single letters act; remembered on this device. */
export function letterKeys(page: Window): { readonly on: boolean; set(on: boolean): void } {
  let on = true;
  try {
    on = page.localStorage.getItem(STORED_AS) !== 'off';
  } catch {
    // Storage may be closed to us: then letters act, as at first.
  }
  return {
    get on(): boolean {
      return on;
    },
    set(wanted: boolean): void {
      on = wanted;
      try {
        page.localStorage.setItem(STORED_AS, wanted ? 'on' : 'off');
      } catch {
        // It then lasts as long as the page.
      }
    },
  };
}

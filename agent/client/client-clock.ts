/** The one place of the client SDK that reads time or sets timers. A `Clock` of the robot fits too. */
export interface ClientTimer {
  cancel(): void;
}

export interface ClientClock {
  /** Monotonic milliseconds; in a browser the time base of `performance.now()` and of video frames. */
  now(): number;
  /** Wall time, milliseconds since 1970. */
  wall(): number;
  after(ms: number, act: () => void): ClientTimer;
  every(ms: number, act: () => void): ClientTimer;
}

export const platformClock: ClientClock = {
  now: () => performance.now(),
  wall: () => Date.now(),
  after(ms, act) {
    const timer = setTimeout(act, ms);
    return { cancel: () => clearTimeout(timer) };
  },
  every(ms, act) {
    const timer = setInterval(act, ms);
    return { cancel: () => clearInterval(timer) };
  },
};

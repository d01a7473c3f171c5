/** Runs asynchronous acts one after the other, in the order in which they were asked for. */
export class InTurn {
  private last: Promise<unknown> = Promise.resolve();

  run<T>(act: () => Promise<T>): Promise<T> {
    const mine = this.last.then(act);
    // A failed act is its caller's business; the next one runs all the same.
    this.last = mine.catch(() => {});
    return mine;
  }
}

// Some at a time, in the order they were given.
const AT_ONCE = 3;
const BUSY = new Set(["going", "retrying"]);

export class Queue {
  transfers = [];

  add(transfers) {
    this.transfers.push(...transfers);
    this.advance();
  }

  advance() {
    let free = AT_ONCE - this.count(BUSY);
    for (const transfer of this.transfers) {
      if (free <= 0) break;
      if (transfer.state !== "waiting") continue;
      free -= 1;
      transfer.start();
    }
  }

  forget(transfer) {
    this.transfers = this.transfers.filter((one) => one !== transfer);
  }

  of(...states) {
    return this.transfers.filter(({ state }) => states.includes(state));
  }

  count(states) {
    return this.transfers.reduce((sum, { state }) => sum + states.has(state), 0);
  }

  // Nothing moves any more unless somebody acts.
  get isIdle() {
    return !this.transfers.some(({ state }) => state === "waiting" || BUSY.has(state));
  }

  // What would be lost by leaving the page now.
  get isUnfinished() {
    return this.transfers.some((one) => !one.isOver);
  }
}

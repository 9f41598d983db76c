// What the timers of a broker are for.

export const TIMER = {
  channel: 1,
  expiry: 2,
  heartbeat: 3,
  isrCheck: 4,
  fetchAgain: 5,
  checkpoint: 6,
  group: 7,
  unmute: 8,
  registerAgain: 10,
  forwardAgain: 30,
  proposeAgain: 31,
  shutdownLimit: 32,
  transactions: 40,
  markers: 41,
  addPartitions: 42,
  retention: 43,
  cleaner: 44,
  producers: 45,
} as const;

// When has the browser nothing better to do? After the answer is drawn: what can wait is loaded then.
export const idle = (): Promise<void> =>
  new Promise((done) => {
    if ("requestIdleCallback" in globalThis) requestIdleCallback(() => done(), { timeout: 1000 });
    else setTimeout(done, 200);
  });

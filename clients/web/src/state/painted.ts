// How long did it take from the answer to its picture? A measure "painted" in the browser's performance timeline.

/** Call `then` when what was rendered just now is on the screen. */
export function paintedSoon(then: () => void): void {
  requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      if (performance.getEntriesByName("answered").length) performance.measure("painted", "answered");
      performance.clearMarks("answered");
      port1.close();
      then();
    };
    port2.postMessage(null); // comes after the frame is drawn
  });
}

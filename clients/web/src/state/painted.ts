// How long did it take from the answer to its picture? A measure "painted" in the browser's performance timeline.
export function paintedSoon(): void {
  if (!performance.getEntriesByName("answered").length) return;
  requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      if (performance.getEntriesByName("answered").length) performance.measure("painted", "answered");
      performance.clearMarks("answered");
      port1.close();
    };
    port2.postMessage(null); // comes after the frame is drawn
  });
}

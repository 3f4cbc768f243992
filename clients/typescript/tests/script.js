// How does a server behave that breaks on purpose? It gives the answers it is told to, one a request.
import { createServer } from "node:http";

/** answers: [status, headers, body]; a status of 0 breaks the connection, -1 says nothing. -> {url, asked, close} */
export const scripted = async (...answers) => {
  const asked = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (part) => { body += part; });
    request.on("end", () => {
      asked.push({ key: request.headers["idempotency-key"], body });
      const [status, headers, text] = answers.shift();
      if (status === 0) request.socket.destroy();
      else if (status > 0) response.writeHead(status, headers).end(text);
    });
  });
  await new Promise((ready) => { server.listen(0, "127.0.0.1", ready); });
  const close = () => { server.closeAllConnections(); server.close(); };
  return { url: `http://127.0.0.1:${server.address().port}`, asked, close };
};

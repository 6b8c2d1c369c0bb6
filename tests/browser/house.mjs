// A demo house of its own for the journeys: `bevan demo` on free ports in a new directory, stopped at the end.
import { spawn } from "node:child_process";
import { createServer } from "node:net";
import { connect } from "node:net";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export const freePort = () => new Promise((resolve) => {
  const server = createServer().listen(0, "127.0.0.1", () => { const { port } = server.address(); server.close(() => resolve(port)); });
});

export async function openHouse({ people = 300, speed = 60 } = {}) {
  const binary = process.env.UNDER_TEST;
  if (!binary) throw new Error("UNDER_TEST must name the bevan binary");
  const folder = mkdtempSync(join(tmpdir(), "bevan-journeys-"));
  const [http, mllp] = [await freePort(), await freePort()];
  const words = ["demo", "--data", folder, "--people", people, "--speed", speed, "--http", `127.0.0.1:${http}`, "--mllp", `127.0.0.1:${mllp}`];
  const child = spawn(binary, words.map(String), { stdio: ["ignore", "pipe", "inherit"] });
  let said = "";
  await new Promise((resolve, reject) => {
    child.stdout.on("data", (text) => { said += text; if (said.includes("Ctrl-C")) resolve(); });
    child.on("exit", (code) => reject(new Error(`bevan demo ended with ${code}`)));
  });
  const close = async () => {
    const gone = new Promise((resolve) => child.removeAllListeners("exit").on("exit", resolve));
    child.kill("SIGTERM");
    await gone;
    rmSync(folder, { recursive: true, force: true });
  };
  return { base: `http://127.0.0.1:${http}`, mllp, said, close };
}

// Sends one HL7 v2 message and gives back the acknowledgement.
export function sendMessage(port, segments) {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => socket.write(`\x0b${segments.join("\r")}\r\x1c\r`));
    let answer = "";
    socket.on("data", (bytes) => { answer += bytes; if (answer.includes("\x1c")) { socket.end(); resolve(answer.replace(/[\x0b\x1c]/g, "")); } });
    socket.on("error", reject);
  });
}

// HL7 v2 time stamp, local time of the machine.
export const stamp = (date) => {
  const two = (number) => String(number).padStart(2, "0");
  return `${date.getUTCFullYear()}${two(date.getUTCMonth() + 1)}${two(date.getUTCDate())}${two(date.getUTCHours())}${two(date.getUTCMinutes())}${two(date.getUTCSeconds())}+0000`;
};

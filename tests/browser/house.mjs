// A house of its own for the journeys: `bevan demo` (or `bevan serve --demo`) on free ports in a new directory, stopped at
// the end. Browsers reach it through a gateway that writes down every page (`gateway.mjs`).
import { spawn } from "node:child_process";
import { connect, createServer } from "node:net";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openGateway } from "./gateway.mjs";

export const freePort = () => new Promise((resolve) => {
  const server = createServer().listen(0, "127.0.0.1", () => { const { port } = server.address(); server.close(() => resolve(port)); });
});

// `people` and `speed` are those of `bevan demo`. `serve` gives more words to `bevan serve --demo` in its place, and
// `settings` its environment, both told the address that browsers use. `around` is a program that starts the house.
export async function openHouse({ people = 300, speed = 60, serve, settings = () => ({}), around = [] } = {}) {
  const binary = process.env.UNDER_TEST;
  if (!binary) throw new Error("UNDER_TEST must name the bevan binary");
  const folder = mkdtempSync(join(tmpdir(), "bevan-journeys-"));
  const [http, mllp] = [await freePort(), await freePort()];
  const gateway = await openGateway(() => http);
  const { base } = gateway;
  const data = join(folder, "data");
  const first = serve ? ["serve", "--demo", ...serve(base, folder)] : ["demo", "--people", people, "--speed", speed];
  const words = [...around, binary, ...first, "--data", data, "--http", `127.0.0.1:${http}`, "--mllp", `127.0.0.1:${mllp}`].map(String);
  const env = { ...process.env, ...(await settings(base, folder)) };
  const house = { base, direct: `http://127.0.0.1:${http}`, mllp, data, said: "" };

  house.open = () => new Promise((resolve, reject) => {
    const child = spawn(words[0], words.slice(1), { stdio: ["ignore", "pipe", "pipe"], env });
    house.child = child;
    // However the journey ends, its house does not outlive it.
    process.once("exit", () => child.kill("SIGKILL"));
    let log = "";
    child.stdout.on("data", (text) => { house.said += text; if (String(text).includes("Ctrl-C")) resolve(); });
    child.stderr.on("data", (text) => { log += text; if (process.env.SHOW_LOG) process.stderr.write(text); if (serve && String(text).includes("ready")) resolve(); });
    child.on("error", reject);
    child.on("exit", (code) => reject(new Error(`bevan ended with ${code}: ${log.slice(-2_000)}`)));
  });
  house.stop = async () => {
    const gone = new Promise((resolve) => house.child.removeAllListeners("exit").on("exit", resolve));
    if (house.child.exitCode !== null || house.child.signalCode !== null) return;
    house.child.kill("SIGTERM");
    await gone;
  };
  house.close = async () => {
    await gateway.close();
    await house.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await house.open();
  } catch (error) {
    await house.close();
    throw error;
  }
  return house;
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

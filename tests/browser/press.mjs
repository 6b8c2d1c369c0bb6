// Pressing what leads to another page, and being there: the next line of a journey never reads the page it came from.
//
// A click returns when the browser has been told, which on a slow machine is before the answer has come. Whatever goes on
// to read, or to go back, must therefore wait for the arrival; `press` does, and gives the answer that arrived.

export async function press(what) {
  const [answer] = await Promise.all([what.page().waitForNavigation(), what.click()]);
  return answer;
}

// The page before the console: says why it is shown, and remembers which conversation was wanted.

const PROBLEMS = {
  expired: "That took too long. Please sign in again.",
  refused: "The sign-in was refused. Please try again, or ask who runs Deskhand for access.",
  "no-group": "You are signed in, but in no group that may use Deskhand. Ask who runs it for access.",
  unavailable: "The sign-in service does not answer. Please try again in a moment.",
};

const problem = PROBLEMS[new URLSearchParams(location.search).get("problem")];
if (problem) {
  const note = document.getElementById("problem");
  note.textContent = problem;
  note.hidden = false;
}

const wanted = location.hash.slice(1);
if (/^[\w.:%-]+$/.test(wanted)) document.getElementById("start").href = `/auth/start?conversation=${wanted}`;
document.body.dataset.ready = "true";

/** Entry point of the `kube-playground` command. */
import { main } from './main.ts';
import { nodeProblem } from './nodeVersion.ts';

// A reader that has seen enough, such as `head`, is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

const problem = nodeProblem(process.versions.node);
if (problem) {
  process.stderr.write(`${problem}\n`);
  process.exitCode = 1;
} else {
  await main(process.argv.slice(2));
}
// A cluster that was closed may leave sockets of clients half open; nothing more is wanted of them.
process.exit();

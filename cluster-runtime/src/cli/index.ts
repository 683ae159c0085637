/** Entry point of the `kube-playground` command. */
import { main } from './main.ts';

await main(process.argv.slice(2));
// A cluster that was closed may leave sockets of clients half open; nothing more is wanted of them.
process.exit();

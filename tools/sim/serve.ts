// sim serve: the cluster of a scenario behind TCP in real time, for any Kafka client on this machine.
import { createInterface } from 'node:readline';
import { HOST, openGateway, type Gateway } from '../gateway/gateway.ts';
import { load } from './load.ts';
import { BadUsage, readOptions, readSeed, single } from './usage.ts';

const FIRST_PORT = 9092;

export async function serve(args: readonly string[]): Promise<number> {
  const options = readOptions(args, { flags: [], values: ['port', 'speed', 'seed', 'fault', 'set'] });
  const [name, ...rest] = options.words;
  if (name === undefined || rest.length > 0) throw new BadUsage('Write sim serve <scenario>, for example: sim serve empty-cluster --port 9092');
  const universe = load(name, { seed: readSeed(single(options, 'seed')), until: undefined, faults: options.values.get('fault') ?? [], settings: options.values.get('set') ?? [] });
  const port = readPort(single(options, 'port'), universe.scenario.cluster.brokers);
  const speed = readSpeed(single(options, 'speed'));
  let gateway: Gateway;
  try {
    gateway = await openGateway({ universe, port, speed });
  } catch (error) {
    const { code, port: taken } = error as { code?: string; port?: number };
    if (code === 'EADDRINUSE') throw new BadUsage(`Port ${taken} of ${HOST} is in use. End what listens there, or choose another first port with --port.`);
    if (code === 'EACCES') throw new BadUsage(`Port ${taken} needs rights that this user lacks. Choose one above 1023 with --port.`);
    throw error;
  }
  for (const l of gateway.listeners) console.log(`${l.broker} ${l.host}:${l.port}`);
  const code = universe.scenario.learner.length;
  if (code > 0) console.error(`The learner's code of this scenario (${code} ${code === 1 ? 'file' : 'files'}) is not run here: start it yourself against these addresses.`);
  const lines = createInterface({ input: process.stdin });
  lines.on('line', (line) => {
    if (line.trim() === '') return;
    const injected = gateway.inject(line);
    if (injected.ok) console.log(injected.line);
    else console.error(injected.message);
  });
  await new Promise<void>((resolve) => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
  });
  lines.close();
  await gateway.close();
  return 0;
}

function readPort(text: string | undefined, brokers: number): number {
  const port = text === undefined ? FIRST_PORT : /^\d{1,5}$/.test(text) ? Number(text) : NaN;
  if (!(port >= 1 && port + brokers - 1 <= 65_535))
    throw new BadUsage(`--port ${JSON.stringify(text)}: write the port of broker-1, from 1 to ${65_535 - brokers + 1}; the other brokers take the next ones.`);
  return port;
}

function readSpeed(text: string | undefined): number {
  const speed = text === undefined ? 1 : /^\d{1,3}(\.\d{1,3})?$/.test(text) ? Number(text) : NaN;
  if (!(speed >= 0.01 && speed <= 100)) throw new BadUsage(`--speed ${JSON.stringify(text)}: write virtual seconds per second, from 0.01 to 100, for example --speed 2.`);
  return speed;
}

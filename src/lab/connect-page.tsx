// How a real client talks to the simulated cluster: the command that puts it on ports, clients, faults; and the command for a run's link.
import { useEffect, useId, useState, type FormEvent } from 'react';
import { useLocation } from 'react-router';
import { readScenario, type Universe } from '../../simulations/contract/scenario.ts';
import { Tabs } from '../app/components/tabs.tsx';
import { PlainPage } from '../app/plain-page.tsx';
import { useLanguage } from '../app/preferences.ts';
import { Rich } from '../app/rich.tsx';
import { isLink, readLink } from '../store/link.ts';
import type { LinkError } from '../store/link-limits.ts';
import { tellLinkError } from '../store/messages.ts';
import './connect-page.css';
import { universeOf } from './linked-universe.ts';
import { CONNECT_WORDS } from './messages/connect.ts';
import { FIRST_PORT, serveCommand } from './serve-command.ts';

const ADDRESS = `127.0.0.1:${FIRST_PORT}`;
/** What to write in a client, for a topic. */
const CLIENTS = {
  kcat: (topic: string) => `kcat -L -b ${ADDRESS}
seq 1 20 | kcat -P -b ${ADDRESS} -t ${topic}
kcat -C -b ${ADDRESS} -t ${topic} -o beginning -e`,
  kafkajs: (topic: string) => `import { Kafka } from 'kafkajs'

const kafka = new Kafka({ clientId: 'app', brokers: ['${ADDRESS}'] })
const producer = kafka.producer({ idempotent: true })
await producer.connect()
await producer.send({ topic: '${topic}', messages: [{ key: 'user-1', value: 'hello' }] })`,
  Java: (topic: string) => `Properties p = new Properties();
p.put("bootstrap.servers", "${ADDRESS}");
p.put("key.serializer", "org.apache.kafka.common.serialization.StringSerializer");
p.put("value.serializer", "org.apache.kafka.common.serialization.StringSerializer");
try (var producer = new KafkaProducer<String, String>(p)) {
  producer.send(new ProducerRecord<>("${topic}", "user-1", "hello")).get();
}`,
} as const;
type Client = keyof typeof CLIENTS;
/** An empty cluster creates it when a client first names it. */
const NEW_TOPIC = 'orders';

export function ConnectPage() {
  const words = CONNECT_WORDS[useLanguage()];
  const [client, setClient] = useState<Client>('kcat');
  const [topic, setTopic] = useState(NEW_TOPIC);
  return (
    <PlainPage title={words.title} lead={words.lead} className="connect">
      <section>
        <h2>{words.start.title}</h2>
        <p>
          <Rich text={words.start.text} />
        </p>
        <Code text="npm run --silent sim -- serve empty-cluster" />
        <p>{words.start.prints}</p>
        <p>
          <Rich text={words.start.speed} />
        </p>
      </section>
      <OfRun onTopic={setTopic} />
      <section>
        <h2>{words.clients.title}</h2>
        <p>{words.clients.text}</p>
        <Tabs<Client> label={words.clients.label} tabs={(Object.keys(CLIENTS) as Client[]).map((id) => ({ id, title: id }))} value={client} panelOf={() => 'connect-client'} onChange={setClient} />
        <div id="connect-client" role="tabpanel" aria-labelledby={`tab-${client}`}>
          <Code text={CLIENTS[client](topic)} />
        </div>
      </section>
      <section>
        <h2>{words.faults.title}</h2>
        <p>{words.faults.text}</p>
        <Code text={'kill broker-2 for 10s\npause broker-1 for 12s\ndelay broker-1<->broker-3 by=40ms for 5s'} />
      </section>
      <section>
        <h2>{words.same.title}</h2>
        <ul>
          {words.same.items.map((item) => (
            <li key={item}>{item}</li>
          ))}
        </ul>
      </section>
    </PlainPage>
  );
}

type Shown = { readonly kind: 'none' } | { readonly kind: 'wrong'; readonly error: LinkError } | { readonly kind: 'universe'; readonly universe: Universe };

/** The command for the run of a link: the one this page was opened with, or one that is pasted. */
function OfRun({ onTopic }: { readonly onTopic: (topic: string) => void }) {
  const language = useLanguage();
  const words = CONNECT_WORDS[language].run;
  const { hash } = useLocation();
  const [text, setText] = useState('');
  const [shown, setShown] = useState<Shown>({ kind: 'none' });
  const field = useId();

  async function show(link: string): Promise<void> {
    const read = await readLink(link.slice(Math.max(0, link.indexOf('#'))));
    const universe = read.ok ? universeOf(read.value) : null;
    if (!read.ok) setShown({ kind: 'wrong', error: read.error });
    else if (!universe || !readScenario(universe.scenario).ok) setShown({ kind: 'wrong', error: { kind: 'notALink' } });
    else {
      setShown({ kind: 'universe', universe });
      onTopic(universe.scenario.topics[0]?.name ?? NEW_TOPIC);
    }
  }
  useEffect(() => {
    if (isLink(hash)) void show(hash);
  }, [hash]);

  function submit(e: FormEvent): void {
    e.preventDefault();
    void show(text.trim());
  }

  const command = shown.kind === 'universe' ? serveCommand(shown.universe) : null;
  return (
    <section>
      <h2>{shown.kind === 'universe' ? words.holds(shown.universe.scenario.title[language]) : words.title}</h2>
      {shown.kind !== 'universe' && (
        <>
          <p>{words.text}</p>
          <form noValidate onSubmit={submit}>
            <label htmlFor={field} className="unseen">
              {words.label}
            </label>
            <input id={field} type="url" value={text} placeholder={words.placeholder} onChange={(e) => setText(e.target.value)} />
            <button type="submit" className="button secondary">
              {words.show}
            </button>
          </form>
        </>
      )}
      {shown.kind === 'wrong' && (
        <p role="alert">
          <Rich text={tellLinkError(shown.error, language)} />
        </p>
      )}
      {command && shown.kind === 'universe' && (
        <>
          {command.file && (
            <>
              <p>{words.file}</p>
              <SaveFile {...command.file} label={words.save(command.file.name)} />
            </>
          )}
          <Code text={command.line} />
          {shown.universe.scenario.learner.length > 0 && <p>{words.own}</p>}
        </>
      )}
    </section>
  );
}

function SaveFile({ name, text, label }: { name: string; text: string; label: string }) {
  const save = () => {
    const url = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
    const link = document.createElement('a');
    link.href = url;
    link.download = name;
    link.click();
    URL.revokeObjectURL(url);
  };
  return (
    <button type="button" className="button secondary" onClick={save}>
      {label}
    </button>
  );
}

function Code({ text }: { text: string }) {
  const words = CONNECT_WORDS[useLanguage()];
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      return;
    }
    setCopied(true);
    setTimeout(() => setCopied(false), 2_000);
  };
  return (
    <div className="connect-code">
      <pre className="mono" tabIndex={0}>
        {text}
      </pre>
      <button type="button" className="tool" onClick={() => void copy()}>
        <span aria-live="polite">{copied ? words.copied : words.copy}</span>
      </button>
    </div>
  );
}

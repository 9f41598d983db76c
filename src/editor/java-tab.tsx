// The same producer in the Java client, with what is the same and what differs.
import type { LessonKit } from '../../lessons/contract.ts';
import { Icon } from '../app/icons.tsx';
import { useLanguage } from '../app/preferences.ts';
import { Rich } from '../app/rich.tsx';
import { CodeView } from './code-view.tsx';
import { useEditorMessages } from './messages.ts';

export function JavaTab({ java }: { java: LessonKit['java'] }) {
  const m = useEditorMessages().javaNotes;
  const language = useLanguage();
  return (
    <div className="java-tab">
      <CodeView text={java.text} label={java.file} />
      <section className="java-notes" aria-labelledby="java-notes-title">
        <h2 id="java-notes-title">{m.title}</h2>
        <dl>
          {java.notes.map((note, i) => (
            <div key={i}>
              <dt>
                {note.title[language]}
                <span className={note.same ? 'teal' : 'amber'}>
                  <Icon name={note.same ? 'check' : 'warn'} />
                  {note.same ? m.same : m.differs}
                </span>
              </dt>
              <dd>
                <Rich text={note.text[language]} />
              </dd>
            </div>
          ))}
        </dl>
      </section>
    </div>
  );
}

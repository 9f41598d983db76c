// A button on the stage, and a command, that say what its marks mean.
import { useCallback, useMemo, useState } from 'react';
import { useCommands, type Command } from '../../app/commands.ts';
import { Dialog } from '../../app/components/dialog.tsx';
import { useLanguage } from '../../app/preferences.ts';
import { LEGEND_WORDS } from '../messages/legend.ts';
import { SceneSvg } from '../scene-svg.tsx';
import type { Scene } from '../marks.ts';
import { LEGEND_LOG, LEGEND_SYSTEM, legendScene } from './scenes.ts';
import { LEGEND_STREAMS, streamLegendScene } from './stream-scenes.ts';
import './legend.css';

/** @param streams whether there are stream jobs to speak of. */
export function LegendButton({ streams = false }: { readonly streams?: boolean }) {
  const words = LEGEND_WORDS[useLanguage()];
  const [open, setOpen] = useState(false);
  useCommands(useCallback((): Command[] => [{ id: 'legend', title: words.title, run: () => setOpen(true) }], [words]));
  return (
    <>
      <button type="button" className="tool" aria-haspopup="dialog" onClick={() => setOpen(true)}>
        {words.button}
      </button>
      {open && (
        <Dialog title={words.title} onClose={() => setOpen(false)} className="legend">
          <div className="legend-groups">
            <Group title={words.log} ids={LEGEND_LOG} says={words.says} draw={legendScene} />
            <Group title={words.system} ids={LEGEND_SYSTEM} says={words.says} draw={legendScene} />
            {streams && <Group title={words.streams} ids={LEGEND_STREAMS} says={words.says} draw={streamLegendScene} />}
          </div>
        </Dialog>
      )}
    </>
  );
}

function Group<Id extends string>({ title, ids, says, draw }: { readonly title: string; readonly ids: readonly Id[]; readonly says: Readonly<Record<Id, string>>; readonly draw: (id: Id) => Scene }) {
  const scenes = useMemo(() => ids.map((id) => ({ id, scene: draw(id) })), [ids, draw]);
  return (
    <section>
      <h3>{title}</h3>
      <ul>
        {scenes.map(({ id, scene }) => (
          <li key={id}>
            <SceneSvg scene={scene} />
            <span>{says[id]}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

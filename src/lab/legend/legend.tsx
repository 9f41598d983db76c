// A button on the stage, and a command, that say what its marks mean.
import { useCallback, useMemo, useState } from 'react';
import { useCommands, type Command } from '../../app/commands.ts';
import { Dialog } from '../../app/components/dialog.tsx';
import { useLanguage } from '../../app/preferences.ts';
import { LEGEND_WORDS } from '../messages/legend.ts';
import { SceneSvg } from '../scene-svg.tsx';
import { LEGEND_LOG, LEGEND_SYSTEM, legendScene, type LegendId } from './scenes.ts';
import './legend.css';

export function LegendButton() {
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
            <Group title={words.log} ids={LEGEND_LOG} says={words.says} />
            <Group title={words.system} ids={LEGEND_SYSTEM} says={words.says} />
          </div>
        </Dialog>
      )}
    </>
  );
}

function Group({ title, ids, says }: { readonly title: string; readonly ids: readonly LegendId[]; readonly says: Readonly<Record<LegendId, string>> }) {
  const scenes = useMemo(() => ids.map((id) => ({ id, scene: legendScene(id) })), [ids]);
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

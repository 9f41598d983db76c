// The transport of a lesson, with the gate said in words while it stands.
import { Icon } from '../app/icons.tsx';
import { useLanguage } from '../app/preferences.ts';
import { Transport } from '../lab/transport/transport.tsx';
import { gateStands } from './machine.ts';
import { spokenTime, useLessonMessages } from './messages.ts';
import { useRoom } from './room.tsx';
import { useWide } from './use-wide.ts';

export function TransportPane() {
  const m = useLessonMessages();
  const language = useLanguage();
  const { session, kit, flow } = useRoom();
  const wide = useWide();
  return (
    <footer className="transport-pane">
      <Transport session={session} labelWidth={wide ? 132 : 0} rows={1}>
        {kit && flow && gateStands(flow.value) && (
          <span className="gate-note wide-only">
            <Icon name="gate" />
            {m.gate(spokenTime(kit.prediction.gateUs, language))}
          </span>
        )}
      </Transport>
    </footer>
  );
}

// What the parts of a lesson share: its kit once loaded, the run on the stage, the state of the flow, and the learner's progress.
import { createContext, useCallback, useContext, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import { createActor, type SnapshotFrom } from 'xstate';
import type { Universe } from '../../simulations/contract/scenario.ts';
import type { LessonKit } from '../../lessons/contract.ts';
import type { Session } from '../lab/session.ts';
import { useSession } from '../lab/use-session.ts';
import { documents } from '../store/saved.ts';
import { changeProgress, lessonProgress, type LessonProgress, type StepId } from '../store/progress.ts';
import { gateStands, lessonMachine, type LessonEvent, type LessonState } from './machine.ts';

export type StageTab = 'system' | 'streams' | 'code' | 'protocol';

export interface Room {
  readonly lesson: string;
  /** Null until it is loaded, which is after the text is shown. */
  readonly kit: LessonKit | null;
  readonly session: Session;
  readonly flow: { readonly value: LessonState; readonly option: string | null; readonly passed: boolean } | null;
  send(event: LessonEvent): void;
  readonly progress: LessonProgress;
  finish(step: StepId): void;
  readonly tab: StageTab;
  /** @param focus moves the focus there too. */
  showTab(tab: StageTab, focus?: boolean): void;
  /** Opens a universe on the stage from a moment on and plays it. */
  play(universe: Universe, fromUs: number): void;
}

const RoomContext = createContext<Room | null>(null);
export const RoomProvider = RoomContext.Provider;

export function useRoom(): Room {
  const room = useContext(RoomContext);
  if (!room) throw new Error('A part of a lesson stands outside its page.');
  return room;
}

export function useRoomState(lesson: string, session: Session, kit: LessonKit | null): Room {
  const progress = useSyncExternalStore(documents.subscribe, () => lessonProgress(lesson));
  const [tab, setTab] = useState<StageTab>('system');
  const { flow, send } = useFlow(lesson, kit);
  const finish = useCallback((step: StepId) => changeProgress(lesson, (p) => (p.done.includes(step) ? {} : { done: [...p.done, step] })), [lesson]);

  // The experiment is opened once; what the learner does with the stage afterwards stays.
  useEffect(() => {
    if (kit) session.load(kit.experiment, { timeUs: kit.prediction.gateUs - OPENED_BEFORE_US });
  }, [kit, session]);

  useClock(session, kit, flow?.value ?? null, send);
  const value = flow?.value;
  useEffect(() => {
    if (value === 'gated' || value === 'running') finish('predict');
    if (value === 'explained' || value === 'graded') finish('run');
  }, [value, finish]);

  const showTab = useCallback((next: StageTab, focus?: boolean) => {
    setTab(next);
    if (focus) requestAnimationFrame(() => document.querySelector<HTMLElement>(next === 'code' ? '.files [aria-selected=true]' : '#stage-system')?.focus());
  }, []);
  const play = useCallback(
    (universe: Universe, fromUs: number) => {
      setTab('system');
      session.load(universe, { timeUs: fromUs });
      playWhenThere(session, fromUs);
    },
    [session],
  );
  return useMemo(() => ({ lesson, kit, session, flow, send, progress, finish, tab, showTab, play }), [lesson, kit, session, flow, send, progress, finish, tab, showTab, play]);
}

/** Plays once the trace has come to where the playhead is to begin. Another run or a hand on the transport ends the waiting. */
function playWhenThere(session: Session, fromUs: number): void {
  const { universe } = session.state();
  const stop = session.subscribe(() => {
    const state = session.state();
    if (state.universe === universe && state.status === 'computing' && state.timeUs < fromUs && !state.playing) return;
    stop();
    if (state.universe === universe && state.status !== 'failed' && !state.playing) session.play();
  });
}

type Flow = Room['flow'];

/** Runs the lesson's machine from what an earlier visit left, and saves what it reaches. */
function useFlow(lesson: string, kit: LessonKit | null): { flow: Flow; send(event: LessonEvent): void } {
  const [snapshot, setSnapshot] = useState<SnapshotFrom<typeof lessonMachine> | null>(null);
  const actor = useRef<{ send(event: LessonEvent): void } | null>(null);
  useEffect(() => {
    if (!kit) return;
    const { prediction, explained, best } = lessonProgress(lesson);
    const running = createActor(lessonMachine, { input: { ...kit.prediction, option: prediction, explained, best } });
    const subscription = running.subscribe((next) => {
      setSnapshot(next);
      const { option, best: reached } = next.context;
      const value = next.value as LessonState;
      changeProgress(lesson, () => ({ prediction: value === 'reading' || value === 'predicting' ? null : option, explained: value === 'explained' || value === 'graded', best: reached }));
    });
    running.start();
    setSnapshot(running.getSnapshot());
    actor.current = running;
    return () => {
      subscription.unsubscribe();
      running.stop();
      actor.current = null;
    };
  }, [lesson, kit]);
  const send = useCallback((event: LessonEvent) => actor.current?.send(event), []);
  const value = snapshot?.value as LessonState | undefined;
  const option = snapshot?.context.option ?? null;
  const passed = snapshot?.context.passed ?? false;
  const flow = useMemo(() => (value ? { value, option, passed } : null), [value, option, passed]);
  return { flow, send };
}

/** The clock obeys the flow: halted before the gate until the run is asked for; the flow hears how far the run was shown. */
function useClock(session: Session, kit: LessonKit | null, state: LessonState | null, send: (event: LessonEvent) => void): void {
  // A failing run of the exercise has nothing to give away.
  const guarded = useSession(session, (s) => s.universe === null || s.universe.scenario === kit?.experiment.scenario);
  const gate = kit && guarded && (state === null || gateStands(state)) ? kit.prediction.gateUs : null;
  useEffect(() => {
    session.setGate(gate);
  }, [session, gate]);
  useEffect(() => {
    if (state !== 'running' || !kit) return;
    const { gateUs, answerUs } = kit.prediction;
    // From a little before the gate, so that the eye sees what changes.
    const { timeUs: at, universe } = session.state();
    session.setSpeed(1);
    if (universe !== kit.experiment) {
      session.load(kit.experiment, { timeUs: gateUs - RUN_UP_US });
      playWhenThere(session, gateUs - RUN_UP_US);
    } else {
      if (at < gateUs - RUN_UP_US || at > answerUs) session.seek(gateUs - RUN_UP_US);
      session.play();
    }
    return session.subscribe(() => {
      const { timeUs } = session.state();
      send({ type: 'SHOWN', timeUs });
      if (timeUs >= answerUs) session.pause();
    });
  }, [session, kit, state, send]);
}

const RUN_UP_US = 1_500_000;
/** Where the stage stands when the lesson is opened: a moment before the gate, with everything in motion. */
const OPENED_BEFORE_US = 600_000;

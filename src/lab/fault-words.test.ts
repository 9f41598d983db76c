import { describe, expect, it } from 'vitest';
import { tellBreak, tellFaultLine } from './fault-words.ts';
import { en } from './messages/en.ts';
import { ko } from './messages/ko.ts';

const processes = ['controller', 'broker-1', 'broker-2', 'app'];
const inEnglish = (line: string) => tellFaultLine(line, { words: en, language: 'en', processes });
const inKorean = (line: string) => tellFaultLine(line, { words: ko, language: 'ko', processes });

describe('a fault in words', () => {
  it.each([
    ['kill broker-1 at 5s', 'At 5 s: Kill broker-1', '5초에 broker-1 강제 종료'],
    ['kill broker-1 at 12400ms for 8s', 'At 12.4 s: Kill broker-1, restart it after 8 s', '12.4초에 broker-1 강제 종료, 8초 뒤 재시작'],
    ['restart app at 1m', 'At 60 s: Restart app', '60초에 app 재시작'],
    ['restart app at 0s for 500ms', 'At 0 s: Restart app, down for 500 ms', '0초에 app 500ms 멈췄다가 재시작'],
    ['pause app at 7us for 2s', 'At 7 µs: Pause app for 2 s', '7µs부터 2초 동안 app 일시 정지'],
    ['cut broker-1->broker-2 at 1s', 'At 1 s: Cut broker-1 → broker-2', '1초부터 broker-1 → broker-2 연결 끊기'],
    ['delay app<->broker-2 by=40ms at 1s for 5s', 'At 1 s: Slow app ↔ broker-2 by 40 ms for 5 s', '1초부터 5초 동안 app ↔ broker-2 40ms 지연'],
    ['loss app<->{broker-1,broker-2} share=1/8 at 1s', 'At 1 s: Lose 1 in 8 on app ↔ broker-1, broker-2', '1초부터 app ↔ broker-1, broker-2 메시지 8건 중 1건꼴로 유실'],
    ['shutdown broker-2 at 3s for 4s', 'At 3 s: Shut down broker-2 in order, restart it after 4 s', '3초에 broker-2 정상 종료, 4초 뒤 재시작'],
    ['powerloss broker-2 at 3s', 'At 3 s: Cut the power of broker-2', '3초에 broker-2 전원 차단'],
  ])('%s', (line, english, korean) => {
    expect(inEnglish(line).replaceAll('\u00a0', ' ')).toBe(english);
    expect(inKorean(line)).toBe(korean);
  });

  it('says "everyone else" only of all others', () => {
    expect(inEnglish('cut app<->{controller,broker-1,broker-2} at 1s')).toContain('app ↔ everyone else');
    expect(inEnglish('cut app<->{broker-1,broker-2} at 1s')).toContain('app ↔ broker-1, broker-2');
    expect(inKorean('cut {controller,app}->{broker-1,broker-2} at 1s')).not.toContain(ko.breaks.everyone);
  });

  it('tells a break without its time, and leaves what is no fault as it is', () => {
    expect(tellBreak('pause app for 2s', { words: ko, language: 'ko', processes })).toBe('2초 동안 app 일시 정지');
    expect(inEnglish('nonsense')).toBe('nonsense');
  });
});

// The table reads as Kafka's layout does, in the places where versions differ most.
import { MESSAGES } from './layoutTable.ts';
import { describe, expect, it } from 'vitest';
import { API, APIS, apiByName, defaultOf, EMBEDDED_LAYOUTS, type Shape } from './layout.ts';

const names = (shape: Shape) => shape.fields.map((f) => f.name);

describe('layout', () => {
  it('reads every API at every version', () => {
    expect(APIS.length).toBe(MESSAGES.match(/^\w+ \d+ versions/gm)!.length);
    for (const api of APIS) {
      for (let v = api.versions.from; v <= api.versions.to; v++) {
        expect(api.request(v).flexible).toBe(v >= api.flexibleFrom);
        expect(api.response(v).fields.length + api.response(v).tagged.length).toBeGreaterThan(0);
      }
    }
    expect(EMBEDDED_LAYOUTS.map((l) => l.name)).toEqual(['ConsumerProtocolSubscription', 'ConsumerProtocolAssignment']);
  });
  it('knows the numbers of the APIs', () => {
    expect([API['Produce'], API['ApiVersions'], API['ShareAcknowledge']]).toEqual([0, 18, 79]);
  });
  it('has fields only in their versions, and defaults for the rest', () => {
    const join = apiByName('JoinGroup')!;
    expect(names(join.request(0))).toEqual(['groupId', 'sessionTimeoutMs', 'memberId', 'protocolType', 'protocols']);
    expect(names(join.request(5))).toEqual(['groupId', 'sessionTimeoutMs', 'rebalanceTimeoutMs', 'memberId', 'groupInstanceId', 'protocolType', 'protocols']);
    expect(join.request(0).absent.map((f) => [f.name, defaultOf(f)])).toEqual([
      ['rebalanceTimeoutMs', -1],
      ['groupInstanceId', null],
      ['reason', null],
    ]);
  });
  it('keeps null apart by version', () => {
    const topics = (v: number) =>
      apiByName('Metadata')!
        .request(v)
        .fields.find((f) => f.name === 'topics')!;
    expect([topics(0).nullable, topics(1).nullable]).toEqual([false, true]);
  });
  it('sorts tagged fields out', () => {
    expect(
      apiByName('Fetch')!
        .request(15)
        .tagged.map((f) => [f.tag, f.name]),
    ).toEqual([
      [0, 'clusterId'],
      [1, 'replicaState'],
    ]);
    expect(names(apiByName('Fetch')!.request(15))).not.toContain('replicaId');
  });
});

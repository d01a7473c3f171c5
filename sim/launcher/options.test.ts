import { describe, expect, it } from 'vitest';
import { OptionError } from '../../agent/host/given.ts';
import { readOptions } from './options.ts';

const read = (argv: string[], env: NodeJS.ProcessEnv = {}) => readOptions(argv, env, '/checkout');

describe('readOptions', () => {
  it('has a default for everything, and takes empty variables as none', () => {
    const expected = { port: 8300, mqttPort: 18831, host: '127.0.0.1', state: '/checkout/.sim' };
    expect(read([])).toMatchObject(expected);
    expect(read([], { PORT: '', HOST: '', STATE: '' })).toMatchObject(expected);
  });

  it('takes flags before the environment', () => {
    expect(read(['--port', '9000'], { PORT: '8400', HOST: '0.0.0.0' })).toMatchObject({
      port: 9000,
      host: '0.0.0.0',
    });
  });

  it.each([
    [['--port', 'x'], /^--port=x: expected a port number, 0 to 65535$/],
    [['--port', '70000'], /^--port=70000: expected a port number/],
    [['--port', ' '], /expected a port number/],
    [['--port', '0x50'], /expected a port number/],
    [['--port', '8e3'], /expected a port number/],
    [['--log-level', 'loud'], /^--log-level=loud: /],
    [['here'], /Unexpected argument 'here'/],
    [['--robot', 'Robot One'], /^--robot=Robot One: expected 1-32 of a-z/],
    [['--colour', 'red'], /^Unknown option '--colour'. There are: --port, .*--state/],
  ])('refuses %j in words', (argv, words) => {
    expect(() => read(argv)).toThrow(words);
    expect(() => read(argv)).toThrow(OptionError);
  });

  it('names a variable as it was given', () => {
    expect(() => read([], { PORT: 'abc' })).toThrow(/^PORT=abc: expected a port number/);
    expect(() => read([], { LOG_LEVEL: 'loud' })).toThrow(/^LOG_LEVEL=loud: /);
  });
});

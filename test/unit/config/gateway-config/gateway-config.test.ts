import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { gatewayValues } from '../../../../src/config/gateway-values.ts';

const folder = mkdtempSync(join(tmpdir(), 'beamgate-gateway-config-'));
afterAll(() => rmSync(folder, { recursive: true }));
let count = 0;

function values(yaml: string, environment: Record<string, string> = {}, options: Record<string, string> = {}) {
  const config = join(folder, `config-${count++}.yml`);
  writeFileSync(config, yaml);
  return gatewayValues({ options: { config, ...options }, environment });
}

const provider = (authenticator: string, args = '{}') =>
  `authentication: {providers: [{provider: a, authenticator: "${authenticator}", args: ${args}}]}`;

describe('values', () => {
  test('of the configuration go before the environment, and options before both, as in the original', () => {
    const environment = {
      QSERVER_ZMQ_CONTROL_ADDRESS: 'tcp://environment:1',
      QSERVER_HTTP_SERVER_ALLOW_ORIGINS: 'a b',
    };
    const read = values(
      'qserver_zmq_configuration: {control_address: "tcp://file:1"}\nallow_origins: [x, y]\nuvicorn: {host: h, port: 5}',
      environment,
      { port: '7' },
    );
    expect(read.zmqControlAddress.value).toBe('tcp://file:1');
    expect(read.allowOrigins.value).toBe('x y');
    expect([read.host.value, read.port.value]).toEqual(['h', '7']);
  });

  test('tell where they stand', () => {
    expect(values('\n\nuvicorn:\n  host: h\n').host.from).toMatch(/uvicorn\/host \(.*config-\d+\.yml:4\)$/);
  });

  test('of a lifetime that is null mean that there is none', () => {
    expect(values('authentication: {session_max_age: null}').sessionMaxAge.value).toBe('never');
  });

  test('of ours stand in a section of their own', () => {
    expect(values('beamgate: {items_belong_to: submitter}').itemsBelongTo.value).toBe('submitter');
    expect(() => values('beamgate: {items_belong_to: me}')).toThrow(
      /must be one of everybody, submitter, received 'me'/,
    );
    expect(() => values('beamgate: {items: me}')).toThrow("('items' was unexpected)");
  });

  test('may come by the environment alone', () => {
    const path = join(folder, 'by-environment.yml');
    writeFileSync(path, 'uvicorn: {host: h}');
    const { host } = gatewayValues({ options: {}, environment: { QSERVER_HTTP_SERVER_CONFIG: path } });
    expect(host.value).toBe('h');
  });
});

describe('Python classes', () => {
  test('are mapped, with their arguments', () => {
    const { configuration } = values(
      `${provider('bluesky_httpserver.authenticators:LDAPAuthenticator', '{server_address: a, bind_dn_template: "cn={username}"}')}
api_access: {policy: "bluesky_httpserver.authorization:DictionaryAPIAccessControl", args: {users: {bob: null}}}
resource_access: {policy: "bluesky_httpserver.authorization:SingleGroupResourceAccessControl", args: {default_group: g}}`,
    );
    expect(configuration).toMatchObject({
      providers: [{ provider: 'a', kind: 'ldap', args: { server_address: 'a' } }],
      apiAccess: { kind: 'dictionary', args: { users: { bob: null } } },
      resourceAccess: { kind: 'one-group', args: { default_group: 'g' } },
    });
  });

  test.each([
    [
      'SAML, naming OIDC',
      provider('bluesky_httpserver.authenticators:SAMLAuthenticator'),
      'SAML is not served: use OIDCAuthenticator',
    ],
    [
      'one of a site, naming ours',
      provider('my_site.auth:Authenticator'),
      'use LDAPAuthenticator or OIDCAuthenticator',
    ],
    ['a policy of a site, naming ours', 'api_access: {policy: "my_site:Policy"}', 'use beamgate:APIAccessControl'],
    ['resource access of a site', 'resource_access: {policy: "my_site:Policy"}', 'use beamgate:ResourceAccessControl'],
    [
      'two arguments missing',
      provider('bluesky_httpserver.authenticators:OIDCAuthenticator', '{client_id: x}'),
      "missing 2 required positional arguments: 'client_secret' and 'redirect_uri'",
    ],
  ])('are refused: %s', (_, yaml, sentence) => {
    expect(() => values(yaml)).toThrow(sentence);
  });

  test('are refused with the line in front', () => {
    expect(() => values('\nresource_access:\n  policy: "my_site:Policy"\n')).toThrow(/config-\d+\.yml:2: /);
  });
});

describe('what nothing here is set by', () => {
  test.each([
    ['uvicorn: {workers: 4}', 'start several gateways behind one proxy'],
    ['uvicorn: {ssl_ciphers: TLSv1}', "'uvicorn/ssl_ciphers' is not taken"],
    ['server_configuration: {custom_routers: [my.router]}', 'Python routers cannot run in this gateway'],
    ['server_configuration: {custom_modules: [my_module]}', 'Python modules cannot run in this gateway'],
    ['database: {uri: "postgresql://user:secret@db/x"}', "must begin with sqlite:, received 'postgresql:…'"],
  ])('%s is refused, with what to do instead', (yaml, sentence) => {
    expect(() => values(yaml)).toThrow(sentence);
  });

  test('a variable for Python code is refused like its key', () => {
    expect(() => values('allow_origins: []', { QSERVER_HTTP_CUSTOM_ROUTERS: 'my.router' })).toThrow(
      'QSERVER_HTTP_CUSTOM_ROUTERS is not taken: Python routers',
    );
  });

  test('one worker, empty lists and a database of SQLite are no reason to refuse', () => {
    const yaml = 'uvicorn: {workers: 1}\nserver_configuration: {custom_routers: []}\ndatabase: {uri: "sqlite:///x.db"}';
    expect(() => values(yaml)).not.toThrow();
  });

  test('a key of uvicorn that changes nothing is noticed, with its line', () => {
    expect(values('uvicorn:\n  log_level: info\n').configuration.notices).toEqual([
      expect.stringMatching(/config-\d+\.yml:2: 'uvicorn\/log_level' changes nothing in this gateway$/),
    ]);
  });
});

import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { freePort } from '../epics/free-port.ts';

const SLAPD = '/usr/sbin/slapd';
export const BASE = 'dc=example,dc=org';

const person = (uid: string, cn: string): string => `
dn: cn=${cn.replace(',', '\\,')},ou=people,${BASE}
objectClass: inetOrgPerson
cn: ${cn}
sn: ${cn}
uid: ${uid}
userPassword: ${uid}-password
`;

/** Two people, one with a comma in their name, one who looks others up, and three groups of the kinds there are. */
const PEOPLE = `
dn: ${BASE}
objectClass: dcObject
objectClass: organization
dc: example
o: Example

dn: ou=people,${BASE}
objectClass: organizationalUnit
ou: people

dn: ou=groups,${BASE}
objectClass: organizationalUnit
ou: groups

dn: cn=finder,${BASE}
objectClass: organizationalRole
objectClass: simpleSecurityObject
cn: finder
userPassword: finder-password
${person('alice', 'alice')}${person('bob', 'Builder, Bob')}
dn: cn=staff,ou=groups,${BASE}
objectClass: groupOfNames
cn: staff
member: cn=alice,ou=people,${BASE}

dn: cn=users,ou=groups,${BASE}
objectClass: groupOfUniqueNames
cn: users
uniqueMember: cn=Builder\\, Bob,ou=people,${BASE}

dn: cn=unix,ou=groups,${BASE}
objectClass: posixGroup
cn: unix
gidNumber: 100
memberUid: alice
`;

/** A real OpenLDAP server on loopback, in plain and over TLS, with a certificate for `localhost` of its own making. */
export async function startSlapd() {
  if (!existsSync(SLAPD)) throw new Error(`no ${SLAPD}: run 'npm run setup:system' first`);
  const folder = await mkdtemp(join(tmpdir(), 'beamgate-slapd-'));
  const file = (name: string) => join(folder, name);
  await mkdir(file('db'));
  // prettier-ignore
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2',
    '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-keyout', file('key.pem'), '-out', file('cert.pem')],
    { stdio: 'ignore' });
  await writeFile(file('people.ldif'), PEOPLE);
  await writeFile(file('slapd.conf'), configuration(folder));
  execFileSync('/usr/sbin/slapadd', ['-f', file('slapd.conf'), '-l', file('people.ldif')], { stdio: 'pipe' });
  const [port, tlsPort] = await Promise.all([freePort(), freePort()]);
  const urls = `ldap://localhost:${port} ldaps://localhost:${tlsPort}`;
  const slapd = spawn(SLAPD, ['-d', '256', '-h', urls, '-f', file('slapd.conf')], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const said: string[] = [];
  for await (const line of createInterface({ input: slapd.stderr })) {
    said.push(line);
    if (line.includes('slapd starting')) break;
  }
  if (slapd.exitCode !== null) throw new Error(said.join('\n'));
  slapd.stderr.resume();
  return {
    port,
    tlsPort,
    caFile: file('cert.pem'),
    async [Symbol.asyncDispose]() {
      const ended = once(slapd, 'exit');
      slapd.kill('SIGKILL');
      await ended;
      await rm(folder, { recursive: true });
    },
  };
}

const configuration = (folder: string): string => `
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/nis.schema
include /etc/ldap/schema/inetorgperson.schema
modulepath /usr/lib/ldap
moduleload back_mdb
TLSCertificateFile ${folder}/cert.pem
TLSCertificateKeyFile ${folder}/key.pem
database mdb
suffix "${BASE}"
directory ${folder}/db
access to attrs=userPassword by anonymous auth by * none
access to dn.subtree="ou=groups,${BASE}" by users read by * none
access to * by users read by anonymous auth by * none
`;

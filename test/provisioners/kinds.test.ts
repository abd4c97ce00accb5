import { describe, expect, it } from 'vitest';
import { provisionerKinds } from '../../src/provisioners/kinds.ts';

describe('provisionerKinds', () => {
  it('makes each kind from its options, without connecting to anything', async () => {
    const made = [
      provisionerKinds['sqlite-tenant'].make({ folder: 'tenants', publicUrl: 'http://localhost:3000' }),
      provisionerKinds['postgres-tenant'].make({ adminUrl: 'postgres://a:b@localhost/c', publicUrl: 'https://x.example/{instanceId}' }),
      provisionerKinds['postgres-tenant'].make({ adminUrl: 'postgresql://a:b@localhost/c' }),
    ];
    expect(made.map(({ name }) => name)).toEqual(['sqlite-tenant', 'postgres-tenant', 'postgres-tenant']);
    for (const provisioner of made) await provisioner.close();
  });

  it.each([
    ['sqlite-tenant', { folder: '', publicUrl: 'http://localhost' }, 'folder'],
    ['sqlite-tenant', { folder: 'x', publicUrl: 'ftp://localhost' }, 'publicUrl'],
    ['sqlite-tenant', { folder: 'x', publicUrl: `http://localhost/${'a'.repeat(430)}` }, 'publicUrl'],
    ['sqlite-tenant', { folder: 'x', publicUrl: 'http://localhost', publicURL: '' }, 'publicURL'],
    ['postgres-tenant', { adminUrl: 'mysql://a:hidden-one@localhost/c' }, 'adminUrl'],
    ['postgres-tenant', { adminUrl: 'postgres://a:hidden-one@[/c' }, 'adminUrl'],
    ['postgres-tenant', { adminUrl: 'postgres://a@b/c', publicUrl: `https://x/${'{instanceId}'.repeat(9)}` }, 'publicUrl'],
  ] as const)('refuses wrong options of %s, naming the field and no value: %j', (kind, options, field) => {
    const result = provisionerKinds[kind].options.safeParse(options);
    const message = result.success ? '' : result.error.message;
    expect(message).toContain(field);
    expect(message).not.toContain('hidden-one');
    expect(() => provisionerKinds[kind].make(options)).toThrow(field);
  });
});

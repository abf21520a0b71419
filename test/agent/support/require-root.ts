/** Mounting and namespaces need root. Without it a test fails and says so: a test that did not run proves nothing. */
export function requireRoot(): void {
  if (process.getuid?.() !== 0) throw new Error('this test mounts something: run the tests as root')
}

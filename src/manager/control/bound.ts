/** Binds a socket. @throws Error that names the address, which the library's own does not */
export async function bound(socket: { bind(address: string): Promise<void> }, address: string): Promise<void> {
  try {
    await socket.bind(address);
  } catch (cause) {
    throw new Error(`The manager cannot bind ${address}: ${(cause as Error).message}`, { cause });
  }
}

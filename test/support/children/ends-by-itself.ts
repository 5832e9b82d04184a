// Is ready, and ends with exit code 0 on SIGUSR2: as a worker whose environment was closed, or a manager that was stopped.
process.on('disconnect', () => undefined);
process.once('SIGUSR2', () => process.exit(0));
process.send?.({ type: 'ready' });
setInterval(() => undefined, 1000);

// Ends before it was ever of use, with its reason on the log.
console.error('the motor rack is switched off');
process.exit(3);

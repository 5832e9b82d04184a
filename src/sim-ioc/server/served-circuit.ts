/** What can be done to one client from outside its conversation. */
export interface ServedCircuit {
  /** Nothing is read and nothing is sent until it is over. */
  freeze(isFrozen: boolean): void;
  /** The channels of a record are taken away. */
  disconnect(recordName: string): void;
  accessChanged(recordName: string): void;
  destroy(): void;
}

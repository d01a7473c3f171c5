/** Longest validity of an invitation, days. */
export const MAX_INVITATION_DAYS = 90;

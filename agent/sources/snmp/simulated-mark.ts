/**
 * What a simulated device answers here, and no real one: every screen that shows it must say so. It lies where Net-SNMP
 * leaves room for private trials (netSnmpPlaypen).
 */
export const SIMULATED_OID = '1.3.6.1.4.1.8072.9999.9999.2021.40.1.0'
export const SIMULATED_TEXT = 'SIMULASI'

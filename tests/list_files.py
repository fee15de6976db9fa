"""Small lists and tables in their publishers' documented forms, written by us: made-up entries."""

from __future__ import annotations

OFAC_ROWS = """\
101,"EXAMPLE BANK, LTD.",-0- ,CUBA,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,Remark
102,EXAMPLE TANKER,vessel,SDGT] [IRAN-EO13902,-0- ,EX1,Crude Oil Tanker,1,2,Panama,-0- ,IMO 1
103,"DOE, Ann",individual,NPWMD,director,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0-
"""
OFAC_PLAIN = """\
ent_num,name,type,program
101,EXAMPLE BANK,-0-,CUBA
102,EXAMPLE TANKER,vessel,SDGT] [IRAN
103,DOE,individual,NPWMD
"""
OFAC_CHANGES = """\
date_seen,action,ent_num,name,type,program
2021-08-20,ADD,104,EXAMPLE TRADING,-0-,CUBA
2021-08-23,REMOVE,101,EXAMPLE BANK,-0-,CUBA
2021-08-23,PROGRAM_CHANGE,103,"DOE, Ann",individual,NPWMD => NPWMD] [RUSSIA-EO14024
"""


def ofac_xml(entries: str, count: int) -> str:
    """The SDN list as XML around some entries."""
    return f"""<?xml version="1.0" standalone="yes"?>
<sdnList xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns="http://tempuri.org/sdnList.xsd">
  <publshInformation>
    <Publish_Date>05/03/2024</Publish_Date>
    <Record_Count>{count}</Record_Count>
  </publshInformation>
{entries}</sdnList>
"""


OFAC_ENTRIES = """\
  <sdnEntry>
    <uid>101</uid><lastName>EXAMPLE BANK &amp; CO</lastName><sdnType>Entity</sdnType>
    <programList><program>CUBA</program></programList>
    <akaList><aka><uid>9</uid><lastName>BANK OF EXAMPLE</lastName></aka></akaList>
    <addressList><address><uid>7</uid><city>Havana</city><country>Cuba</country></address></addressList>
  </sdnEntry>
  <sdnEntry>
    <uid>103</uid><firstName>Ann</firstName><lastName>DOE</lastName><sdnType>Individual</sdnType>
    <programList><program>NPWMD</program><program>RUSSIA-EO14024</program></programList>
  </sdnEntry>
  <sdnEntry>
    <uid>105</uid><lastName>EXAMPLE DRONE</lastName><sdnType>Satellite</sdnType>
    <programList><program>NPWMD</program></programList>
  </sdnEntry>
"""
EU_CSV = """\
Entity_LogicalId;fileGenerationDate;Entity_SubjectType;Entity_Regulation_EntryIntoForceDate;Entity_Regulation_NumberTitle;\
Entity_Regulation_Programme;NameAlias_WholeName;Citizenship_CountryIso2Code
13;03/05/2024;P;2003-07-07;1210/2003 (OJ L169);IRQ;Ann Doe;IQ
13;03/05/2024;P;2003-07-07;1210/2003 (OJ L169);IRQ;A. Doe;
13;03/05/2024;P;2003-07-07;1210/2003 (OJ L169);IRQ;;
20;03/05/2024;E;2022-02-25;2022/332 (OJ L53);UKR;Example Bank;
"""
EU_XML = """<?xml version="1.0" encoding="UTF-8"?>
<export xmlns="http://eu.europa.ec/fpi/fsd/export" generationDate="2024-05-03T10:11:12.000+02:00" globalFileId="1">
  <sanctionEntity logicalId="13" euReferenceNumber="EU.1.1" designationDetails="" unitedNationId="">
    <regulation programme="IRQ" entryIntoForceDate="2003-07-07" numberTitle="1210/2003 (OJ L169)" logicalId="2">
      <publicationUrl>http://example.org</publicationUrl>
    </regulation>
    <subjectType code="person" classificationCode="P"/>
    <nameAlias wholeName="Ann Doe" firstName="Ann" lastName="Doe" logicalId="3"/>
    <nameAlias wholeName="A. Doe" logicalId="4"/>
    <citizenship countryIso2Code="IQ" countryDescription="IRAQ"/>
  </sanctionEntity>
  <sanctionEntity logicalId="20">
    <regulation programme="UKR" entryIntoForceDate="2022-02-25" numberTitle="2022/332 (OJ L53)"/>
    <subjectType code="enterprise" classificationCode="E"/>
    <nameAlias wholeName="Example Bank"/>
  </sanctionEntity>
</export>
"""
UN_XML = """<?xml version="1.0" encoding="UTF-8"?>
<CONSOLIDATED_LIST xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" dateGenerated="2024-05-03T00:00:01.000Z">
  <INDIVIDUALS>
    <INDIVIDUAL>
      <DATAID>6900001</DATAID><VERSIONNUM>1</VERSIONNUM>
      <FIRST_NAME>ANN</FIRST_NAME><SECOND_NAME>MARY</SECOND_NAME><THIRD_NAME>DOE</THIRD_NAME><FOURTH_NAME/>
      <UN_LIST_TYPE>DRC</UN_LIST_TYPE><REFERENCE_NUMBER>CDi.999</REFERENCE_NUMBER>
      <LISTED_ON>2012-12-31</LISTED_ON>
      <NATIONALITY><VALUE>Rwanda</VALUE></NATIONALITY>
      <LAST_DAY_UPDATED><VALUE>2020-02-02</VALUE></LAST_DAY_UPDATED>
    </INDIVIDUAL>
  </INDIVIDUALS>
  <ENTITIES>
    <ENTITY>
      <DATAID>6900002</DATAID><FIRST_NAME>EXAMPLE SHIPPING</FIRST_NAME>
      <UN_LIST_TYPE>DPRK</UN_LIST_TYPE><REFERENCE_NUMBER>KPe.999</REFERENCE_NUMBER>
      <LISTED_ON>2016-03-02</LISTED_ON>
      <ENTITY_ADDRESS><COUNTRY>Democratic People's Republic of Korea</COUNTRY></ENTITY_ADDRESS>
    </ENTITY>
  </ENTITIES>
</CONSOLIDATED_LIST>
"""
UK_CSV = """\
Last Updated,03/05/2024
Name 6,Name 1,Name 2,Name 3,Name 4,Name 5,Nationality,Group Type,Alias Type,Regime,Listed On,Group ID
DOE,A,,,,,,Individual,AKA,Belarus,31/12/2020,14001
DOE,Ann,Mary,,,,Belarus,Individual,Primary name,Belarus,31/12/2020,14001
EXAMPLE TANKER,,,,,,,Ship,Primary name,Russia,04/03/2022,14002
"""
_UKSL = (
    "Last Updated|Unique ID|OFSI Group ID|UN Reference Number|Name 6|Name 1|Name 2|Name 3|Name 4|Name 5|Name type|"
    "Alias strength|Title|Name non-latin script|Regime Name|Designation Type|Designation source|Sanctions Imposed|"
    "Address Country|Date Designated|D.O.B|Nationality(/ies)"
).split("|")


def uksl_row(record: str, kind: str, listed_on: str, regime: str, **cells: str) -> str:
    """One row of the UK Sanctions List as csv."""
    told = {
        "Unique ID": record,
        "Designation Type": kind,
        "Date Designated": listed_on,
        "Regime Name": regime,
    }
    told |= {"Last Updated": "12/01/2026", "OFSI Group ID": f"140{record[-2:]}", "Name type": "Primary Name"}
    told |= {name.replace("_", " "): text for name, text in cells.items()}
    return ",".join(told.get(name, "") for name in _UKSL)


_DOE = ("BEL0001", "Individual", "31/12/2020", "The Belarus Regulations")
_BORN = {
    "D.O.B": "dd/mm/1970",
    "Nationality(/ies)": "Belarus",
    "Sanctions_Imposed": "Asset freeze|Travel Ban",
}
UKSL_CSV = "\n".join([
    "Report Date: 13-Feb-2026",
    ",".join(_UKSL),
    uksl_row(*_DOE, Name_6="DOE", Name_1="A", Name_type="Alias", **_BORN),
    uksl_row(*_DOE, Name_6="DOE", Name_1="Ann", Name_2="Mary", **_BORN),
    uksl_row("RUS0002", "Ship", "04/03/2022", "The Russia Regulations", Name_6="EXAMPLE TANKER"),
    uksl_row("DPR0003", "Entity", "02/03/2016", "The DPRK Regulations", Name_6="EXAMPLE SHIPPING"),
]) + "\n"  # fmt: skip
UKSL_XML = """<?xml version="1.0" encoding="utf-8"?>
<Designations xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
  <DateGenerated>13/02/2026</DateGenerated>
  <Designation>
    <LastUpdated>12/01/2026</LastUpdated><DateDesignated>31/12/2020</DateDesignated>
    <UniqueID>BEL0001</UniqueID><OFSIGroupID>14001</OFSIGroupID><UNReferenceNumber />
    <Names>
      <Name><Name1>A</Name1><Name6>DOE</Name6><NameType>Alias</NameType></Name>
      <Name><Name1>Ann</Name1><Name2>Mary</Name2><Name6>DOE</Name6><NameType>Primary Name</NameType></Name>
    </Names>
    <RegimeName>The Belarus Regulations</RegimeName><IndividualEntityShip>Individual</IndividualEntityShip>
    <SanctionsImposed>Asset freeze|Travel Ban</SanctionsImposed>
    <IndividualDetails><Individual><DOBs><DOB>dd/mm/1970</DOB></DOBs>
      <Nationalities><Nationality>Belarus</Nationality></Nationalities></Individual></IndividualDetails>
  </Designation>
  <Designation>
    <DateDesignated>04/03/2022</DateDesignated><UniqueID>RUS0002</UniqueID><OFSIGroupID>14002</OFSIGroupID>
    <Names><Name><Name6>EXAMPLE TANKER</Name6><NameType>Primary Name</NameType></Name></Names>
    <RegimeName>The Russia Regulations</RegimeName><IndividualEntityShip>Ship</IndividualEntityShip>
  </Designation>
  <Designation>
    <DateDesignated>02/03/2016</DateDesignated><UniqueID>DPR0003</UniqueID><OFSIGroupID>14003</OFSIGroupID>
    <Names><Name><Name6>EXAMPLE SHIPPING</Name6><NameType>Primary Name</NameType></Name></Names>
    <RegimeName>The DPRK Regulations</RegimeName><IndividualEntityShip>Entity</IndividualEntityShip>
  </Designation>
</Designations>
"""
PROGRAMMES = """\
key,title,issuer,status,target_territories,measures,aliases,url
EU-BLR,Belarus,eu_council,,by,Asset freeze;Travel ban,BLR,https://example.org/1
US-UKR,Occupied parts of Ukraine,us_ofac,,ua-cri;ua-dpr;ru,Asset freeze,,https://example.org/2
GB-CYB,Cyber,gb_fcdo,ended,zz,Asset freeze,,https://example.org/3
CH-MDA,Transnistria,ch_seco,,md-pmr,Travel ban,,https://example.org/4
"""
ROLL_CALLS = """\
rcid,session,date,yes,abstain,no,importantvote,para,amend,hr,unres,short,descr
1,38,1983-11-02,2,0,1,0,0,0,0,R/38/7,GRENADA,made up
2,46,1991-12-03,1,1,0,,0,0,1,R/46/86,X,made up
3,60,2005-11-08,1,0,2,1,0,0,0,R/60/12,EMBARGO,made up
"""
VOTES = """\
rcid,ccode,vote
1,365,1
1,40,1
1,2,3
2,365,1
2,2,2
3,365,1
3,2,3
3,345,3
3,700,8
3,692,9
"""
VOTES_WITH_CALLS = """\
"","rcid","ccode","member","vote","Country","Countryname","session","abstain","yes","no","importantvote","date","unres",\
"amend","para","short","descr","me","nu","di","hr","co","ec","ident","resid"
"1",1,365,1,1,"RUS","Russia",38,0,2,1,0,1983-11-02,"R/38/7",0,0,"GRENADA","made, up",0,0,0,0,0,0,0,38001
"2",1,2,1,3,"USA","United States",38,0,2,1,0,1983-11-02,"R/38/7",0,0,"GRENADA","made, up",0,0,0,0,0,0,0,38001
"3",3,365,1,1,"RUS","Russia",60,0,1,2,NA,2005-11-08,"R/60/12",0,0,"EMBARGO","made up",0,0,0,0,0,0,0,60001
"4",3,NA,1,1,NA,"Somewhere",60,0,1,2,NA,2005-11-08,"R/60/12",0,0,"EMBARGO","made up",0,0,0,0,0,0,0,60001
"5",3,40,1,8,"CUB","Cuba",60,0,1,2,NA,2005-11-08,"R/60/12",0,0,"EMBARGO","made up",0,0,0,0,0,0,0,60001
"""
GGE = """\
country1_code,country2_code,dyad,year,geo_score,number_of_events,geo_score_dyn,cum_events,weight,geo_score_ma
RUS,USA,RUS-USA,1962,-0.4,9,-0.3,20.5,0.43,-0.35
RUS,USA,RUS-USA,1995,,0,0.1,3,0,0.2
NAM,ZAF,NAM-ZAF,1950,,0,0,0,0,
"""
TRADE = """\
iso3,partner_iso3,country,partner,flow,share_pct,year
VEN,CHN,Venezuela,China,export,10,2023
VEN,CHN,Venezuela,China,import,35,2023
VEN,USA,Venezuela,USA,export,50,2023
FJI,,Fiji,NZ,export,6,2023
PSE,JOR,Gaza Strip,Jordan,export,5,2019
PSE,JOR,West Bank,Jordan,export,5,2019
"""
ORDERS_BY_NUMBER = """\
number,signing_date,notes
13692,2015-03-08,
13526,2009-12-29,Revokes: EO 12958
"""
ORDERS = """\
document_number,citation,subtype,publication_date,signing_date,title,disposition_notes,executive_order_number,html_url
2015-05677,80 FR 12747,Executive Order,3/11/2015,3/8/2015,Made-up title,,13692,https://example.org/1
E9-31418,75 FR 707,Executive Order,01/05/2010,2009-12-29,Another,Revokes: EO 12958,13526,https://example.org/2
C1-2009-31418,75 FR 1013,Executive Order,01/08/2010,2009-12-29,Correction,,13526,https://example.org/3
2022-04128,87 FR 10000,Proclamation,02/23/2022,2022-02-18,No order,,,https://example.org/4
"""

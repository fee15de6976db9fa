"""Small files of our own in the forms in which research data sets are published; states and days are made up."""

from __future__ import annotations

SIPRI_PREAMBLE = """Transfers of major conventional arms from All countries  to All countries .
A '?' in a column indicates uncertain data.
Figures may not add up to stated totals due to the conventions of rounding.

Source: SIPRI Arms Transfers Database (c) SIPRI.
Data generated: 13 Mar 2025 10:02:49 AM
"""
SIPRI_HEADER = (
    "Recipient,Supplier,Year of order, ,Number ordered, ,Weapon designation,Weapon description,Number delivered, ,"
    "Year(s) of delivery,status,Comments,SIPRI TIV per unit,SIPRI TIV for total order,SIPRI TIV of delivered weapons\n"
)
SIPRI_ROWS = [
    "Venezuela,Russia,2006,,24,,Su-30MK,FGA aircraft,24,?,2006; 2007; 2008,New,$1.6 b deal,50,1200,1200",
    "Viet Nam,Soviet Union,1965,?,100,?,MiG-17,fighter aircraft,100,,1966,Second hand,,3.5,350,350",
    "South Vietnam,United States,1965,,9,,F-5A,fighter aircraft,9,,1966; 1967,New,Wärtsilä engine,5,45,45",
    "Egypt,Soviet Union,1960,?,,,T-54,tank,20,,1961,New,,1.2,,24",
    "Germany,France,1962,,50,,Transall,transport aircraft,50,,1968,New,,10,500,500",
    "Algeria,France,1962,,3,,Alouette,helicopter,3,,1962,New,,1,3,3",
]
SIPRI = SIPRI_PREAMBLE + SIPRI_HEADER + "\n".join(SIPRI_ROWS) + "\n"

SIPRI_DELIVERIES = """\
SIPRI AT Database ID,Supplier,Recipient,Designation,Description,Armament category,Order date,Order date is estimate,\
Numbers delivered,Numbers delivered is estimate,Delivery year,Delivery year is estimate,Status,SIPRI estimate,\
TIV deal unit,TIV delivery values,Local production
12,Russia,Venezuela,Su-30MK,FGA aircraft,Aircraft,2006,No,8,No,2007,No,New,50,50,400,No
12,Russia,Venezuela,Su-30MK,FGA aircraft,Aircraft,2006,No,6,Yes,2006,No,New,50,50,300.5,No
13,Russia,Hezbollah (Lebanon)*,Kornet,anti-tank missile,Missiles,2005,Yes,50,Yes,2005,Yes,New,,0.01,0.5,No
14,Turkiye,Ukraine,Bayraktar TB2,armed UAV,Aircraft,2019,Yes,,No,2019,No,New,2,2,,No
"""

EXERCISES = """\
MMEID,Ex_Name,Series_Name,Location,lat,lon,StartDate,s.year,s.month,s.day,EndDate,e.year,e.month,e.day,CPX,Air,Land,Sea,\
Amphibious,Cyber,Warfighting,Peacekeeping,Humanitarian,FocusDescription,AdditionalParticipantInfo,StateA,StateB,StateC,StateD
mme1,Unitas 30,Unitas,Caribbean,10.1,-65.2,7/3/89,1989,7,3,7/20/89,1989,7,20,0,0,0,1,0,0,1,0,0,war at sea,,Venezuela,\
United States,,
mme2,-9,,Silesia,51.9,19.1,1980-02-xx,1980,2,xx,1980-03-xx,1980,3,xx,0,0,1,0,0,0,1,0,0,tactical,,Poland,Russia,\
German Democratic Republic,-9
mme3,Staff talks,,-9,0,0,5/1/94,1994,5,1,5/2/94,1994,5,2,1,0,0,0,0,0,0,1,0,command,,Russia,United States,,
"""

ATOP = """\
mem1,mem2,year,defense,offense,neutral,nonagg,consul
2,20,1950,1,0,0,1,1
20,2,1950,0,0,0,1,1
255,365,1991,0,0,0,1,0
"""
COW = """\
ccode1,ccode2,year,defense,neutrality,nonaggression,entente
2,200,1950,1,0,0,1
200,255,1990,1,0,0,0
200,260,1990,0,0,1,0
"""

ATOP_DIRECTED = """\
ddyad,year,stateA,stateB,atopally,defense,offense,neutral,nonagg,consul,shareob,asymm,atopid1
2020,1950,2,20,1,1,0,0,1,1,1,0,3150
20002,1950,20,2,1,0,0,0,1,1,1,0,3150
"""
COW_UNDIRECTED = """\
version4id,ccode1,state_name1,ccode2,state_name2,dyad_st_year,left_censor,right_censor,defense,neutrality,nonaggression,\
entente,year,version
210,2,United States of America,20,Canada,1949,0,1,1,0,0,1,1950,4.1
211,2,United States of America,20,Canada,1947,0,1,0,0,1,0,1950,4.1
"""

DESTA = """\
"number";"base_treaty";"name";"entry_type";"consolidated";"year";"entryforceyear";"language";"typememb";"regioncon";"wto_listed"\
;"wto_name";"c1";"c2";"c3";"mc1";"mc2"
1;1;"Afghanistan India";"base_treaty";0;2003;2003;"English";1;"Asia";1;"India Afghanistan";4;356;NA;0;0
2;2;"Three of Europe";"base_treaty";0;2015;NA;"English";2;"Europe";1;"";8;900;807;0;0
3;3;"Talks";"negotiation";0;NA;NA;"NA";1;"Asia";0;"";50;156;NA;0;0
4+1;4;"Out";"withdrawal";0;2006;NA;"NA";2;"Americas";0;"";170;218;604;0;0
5a;5;"Again";"consolidated";0;1989;NA;"NA";1;"Americas";0;"";32;484;NA;0;0
"""
DESTA_DYADS = """\
country1,country2,iso1,iso2,number,base_treaty,name,entry_type,consolidated,year,entryforceyear,language,typememb,regioncon
Afghanistan,India,4,356,1,1,Afghanistan India,base_treaty,0,2003,2003,English,1,Asia
Albania,Macedonia,8,807,2,2,Three of Europe,base_treaty,0,2015,NA,English,2,Europe
Albania,Kosovo,8,900,2,2,Three of Europe,base_treaty,0,2015,NA,English,2,Europe
Macedonia,Kosovo,807,900,2,2,Three of Europe,base_treaty,0,2015,NA,English,2,Europe
Bangladesh,India,50,356,3,3,Talks,negotiation,0,NA,NA,NA,1,Asia
"""

NUCLEAR = """\
ccode1,ccode2,country1,country2,year,nca,nca_type
2.0,20.0,USA,Canada,1955.0,1.0,research
2.0,20.0,USA,Canada,1955.0,1.0,research
20.0,2.0,Canada,USA,1955.0,1.0,research
365.0,101.0,Russia,Venezuela,1990.0,1.0,"comprehensive power, restricted"
2.0,220.0,USA,France,1960.0,1.0,military assistance
"""

GSDB = """\
case_id,sanctioned_state,sanctioning_state,begin,end,trade,descr_trade,arms,military,financial,travel,other,target_mult,\
sender_mult,objective,success
1,"Korea, North","EU, Macedonia, Norway",2010,2016,1,"exp_part,imp_part",1,0,1,0,0,0,1,prevent_war,ongoing
2,"Egypt, Arab Rep.",United Kingdom,1951,1954,0,,1,0,0,0,0,0,0,prevent_war,success_part
3,Comecon,"CoCom, United States",1950,1994,1,exp_part,0,0,0,0,0,1,1,prevent_war,failed
4,"Congo, Democratic Republic of the, Eritrea",ECOWAS,1996,1999,0,,0,1,0,0,0,1,1,other,failed
"""

_TIES_HEADER = (
    "caseid,startmonth,startday,startyear,endmonth,endday,endyear,ongoingasofyear,sender1,sender2,sender3,sender4,sender5,"
    "primarysender,targetstate,institution,institutionid,issue1,threat,imposition,sancimpositionstartmonth,"
    "sancimpositionstartday,sancimpositionstartyear,sanctiontype,finaloutcome\n"
)
TIES = _TIES_HEADER + (
    "1945121601,12,16,1945,5,27,1947,,2,,,,,2,710,1,4400,2,1,1,7,29,1946,2 7,8\n"
    "1990010101,6,,1990,6,5,1990,,365,1000,,,,365,305,0,,5,0,0,,,,,10\n"
    "1997050101,,,1997,,,,2004,,,,,,,710,1,1830,5,1,1,,,1997,3 9,\n"
    '1960010101,1,1,1960,,,,,,,,,,,40,1,3750,5,1,1,,,"1960, sometime before this date",1,\n'
)

_EUSANCT = (
    "caseid,targetstate,targetstate_name,EU,US,UN,startdateEU,startdateUS,startdateUN,enddateEU,enddateUS,enddateUN,"
    "sender2,sender3,sender4,sender5,issue1,threatEU,threatUS,threatUN,impositionEU,impositionUS,impositionUN,"
    "impositionEU_start,impositionUS_start,impositionUN_start,impositionEU_type,"
    "impositionUS_type,impositionUN_type,finaloutcome,link\n"
)
EUSANCT = _EUSANCT + (
    "1962110601,560,South Africa,1,1,1,10sep1985,02aug1963,06nov1962,07apr1992,27feb1998,25may1994,20,.,.,.,5,0,0,1,1,"
    "1,1,16sep1986,02aug1963,04nov1977,3;4;12,2;12;7b,12,7,.\n"
    "1990010101,365,Russia,0,1,0,.,10feb1990,.,.,ongoing,.,.,.,.,.,8,0,1,0,0,0,0,.,.,.,.,.,.,9,.\n"
)
